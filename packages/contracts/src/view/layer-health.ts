/**
 * How healthy each layer of a network is in one epoch, from what the study log keeps of it; the bands are those of
 * docs/health.md, which gradient health uses for the whole training.
 *
 *   update = ‖Δw‖ / ‖w‖ of a step                         healthy in [1e-5, 1e-1]
 *   depth  = ‖gradient‖ / ‖gradient of the last layer‖    healthy in [1e-3, 1e3]
 *   units  = max(0, 1 − dead or dormant − ½ · saturated)
 *
 * A layer's score is the worst of what is known of it: a diagram is there to show where it hurts.
 */

export type Band = readonly [low: number, high: number];
export const UPDATE_BAND: Band = [1e-5, 1e-1];
export const DEPTH_BAND: Band = [1e-3, 1e3];

/** From this share on dead or saturated units are worth a word. */
const NOTABLE_SHARE = 0.1;

/** What was measured of a layer in an epoch; null where there was nothing to measure or it was not finite. */
export interface LayerSignals {
  readonly gradientNorm: number | null;
  readonly updateRatio: number | null;
  readonly dead: number | null;
  readonly saturated: number | null;
  /** Only the full metrics of a trial know it. */
  readonly dormant?: number | null;
}

export type LayerFinding =
  'gradient-not-finite' | 'vanishing' | 'exploding' | 'barely-moving' | 'thrashing' | 'dead' | 'saturated';

export interface LayerHealth {
  /** In [0, 1], 1 is healthy; null where nothing was measured. */
  readonly score: number | null;
  readonly gradient: number | null;
  readonly units: number | null;
  /** The worst first. */
  readonly findings: readonly LayerFinding[];
}

/** 1 inside the band, 0 a decade outside, linear in the logarithm between. */
export function bandScore(value: number, [low, high]: Band): number {
  if (!(value > 0)) return 0;
  if (value < low) return Math.max(0, 1 - Math.log10(low / value));
  return value > high ? Math.max(0, 1 - Math.log10(value / high)) : 1;
}

/** @param layers in the order of the network */
export function layersHealth(layers: ReadonlyMap<string, LayerSignals>): Map<string, LayerHealth> {
  const norms = [...layers.values()].flatMap(({ gradientNorm }) => gradientNorm ?? []);
  const last = norms.at(-1) ?? null;
  return new Map([...layers].map(([id, signals]) => [id, layerHealth(signals, last)]));
}

function layerHealth(signals: LayerSignals, lastNorm: number | null): LayerHealth {
  const found: { finding: LayerFinding; score: number }[] = [];
  const gradient = gradientScore(signals, lastNorm, found);
  const units = unitScore(signals, found);
  const known = [gradient, units].filter((score) => score !== null);
  return {
    score: known.length > 0 ? Math.min(...known) : null,
    gradient,
    units,
    findings: found.sort((a, b) => a.score - b.score).map(({ finding }) => finding),
  };
}

type Found = { finding: LayerFinding; score: number }[];

function gradientScore(signals: LayerSignals, lastNorm: number | null, found: Found): number | null {
  const { gradientNorm, updateRatio, dead, saturated } = signals;
  if (gradientNorm === null || updateRatio === null) {
    // A layer is recorded for its gradient or for its units; without either its gradient was not finite.
    if (dead !== null || saturated !== null) return null;
    found.push({ finding: 'gradient-not-finite', score: 0 });
    return 0;
  }
  const update = bandScore(updateRatio, UPDATE_BAND);
  if (update < 1)
    found.push({ finding: updateRatio > UPDATE_BAND[1] ? 'thrashing' : 'barely-moving', score: update });
  const ratio = lastNorm ? gradientNorm / lastNorm : 0;
  const depth = bandScore(ratio, DEPTH_BAND);
  if (depth < 1) found.push({ finding: ratio > DEPTH_BAND[1] ? 'exploding' : 'vanishing', score: depth });
  return (update + depth) / 2;
}

function unitScore({ dead, dormant, saturated }: LayerSignals, found: Found): number | null {
  if (dead === null && saturated === null) return null;
  const inactive = Math.max(dead ?? 0, dormant ?? 0);
  if (inactive >= NOTABLE_SHARE) found.push({ finding: 'dead', score: 1 - inactive });
  if (saturated !== null && saturated >= NOTABLE_SHARE)
    found.push({ finding: 'saturated', score: 1 - saturated / 2 });
  return Math.max(0, 1 - inactive - (saturated ?? 0) / 2);
}
