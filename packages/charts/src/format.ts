/** Numbers and names as text: short, equally precise, and never markup. */

const MINUS = '−';

/** Up to `digits` significant digits without trailing zeros: 0.9815, 12.5, 1e-4, 12,400; `–` where there is none. */
export function formatNumber(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  const sign = value < 0 ? MINUS : '';
  if (size < 1e-3 || size >= 1e7) return sign + exponential(size, digits);
  if (size >= 1000) return sign + grouped(Math.round(size));
  return sign + String(Number(size.toPrecision(digits)));
}

function exponential(size: number, digits: number): string {
  const [mantissa, exponent] = size.toExponential(Math.max(0, Math.min(2, digits - 1))).split('e');
  return `${Number(mantissa)}e${Number(exponent)}`;
}

const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

/** A count: 12,400; `–` where there is none. */
export const formatCount = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : grouped(Math.round(value));

/** A share as percent: 96.5%. */
export const formatShare = (value: number | null | undefined, digits = 3): string =>
  value === null || value === undefined || !Number.isFinite(value)
    ? '–'
    : `${formatNumber(100 * value, digits)}%`;

/** Seconds for people: 0.8 s, 42 s, 3 min 20 s, 2 h 5 min. */
export function formatSeconds(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–';
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  if (minutes < 60) return rest ? `${minutes} min ${rest} s` : `${minutes} min`;
  const [hours, left] = [Math.floor(minutes / 60), minutes % 60];
  return left ? `${hours} h ${left} min` : `${hours} h`;
}

/** "1 trial", "12 trials". */
export const plural = (count: number, word: string): string =>
  `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;

/** Those sentences that there are, as one text; null where there is none. */
export const sentences = (...parts: (string | null)[]): string | null =>
  parts.filter((part) => part !== null).join(' ') || null;

const LONGEST_NAME = 60;
const ELLIPSIS = '…';

/**
 * A name from outside as one line of at most 60 characters. It is text, not markup: wherever ECharts takes HTML
 * (tooltips), `escapeMarkup` comes on top.
 */
export function plainName(name: unknown, longest = LONGEST_NAME): string {
  // Control characters would break lines or a file; C0 and C1 are all there are.
  // eslint-disable-next-line no-control-regex
  const line = String(name).replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
  const letters = [...line];
  return letters.length > longest ? letters.slice(0, longest - 1).join('') + ELLIPSIS : line;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text made safe inside HTML. */
export const escapeMarkup = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

/** Lines of a tooltip; every line is escaped, the first is strong. */
export const tooltipText = (title: string, ...lines: string[]): string =>
  [`<strong>${escapeMarkup(title)}</strong>`, ...lines.map(escapeMarkup)].join('<br>');
