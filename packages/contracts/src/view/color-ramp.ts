/** The one scale on which health and performance are coloured, everywhere: charts, networks, 3D, stored data. */

/** Viridis (van der Walt and Smith, 2015) at 0, 0.1, … 1: even steps to the eye, also to one that is colour-blind. */
export const VIRIDIS: readonly string[] = [
  '#440154',
  '#482475',
  '#414487',
  '#355f8d',
  '#2a788e',
  '#21918c',
  '#22a884',
  '#44bf70',
  '#7ad151',
  '#bddf26',
  '#fde725',
];

/** The colour at `share` in [0, 1] of a ramp, mixed between its two nearest stops; the ends beyond. */
export function rampColor(ramp: readonly string[], share: number): string {
  const at = Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)) * (ramp.length - 1);
  const low = Math.min(ramp.length - 1, Math.floor(at));
  const high = Math.min(ramp.length - 1, low + 1);
  return mixed(ramp[low]!, ramp[high]!, at - low);
}

const channels = (hex: string): number[] => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

function mixed(from: string, to: string, share: number): string {
  const target = channels(to);
  const byte = (value: number) => Math.round(value).toString(16).padStart(2, '0');
  return `#${channels(from)
    .map((value, i) => byte(value + (target[i]! - value) * share))
    .join('')}`;
}
