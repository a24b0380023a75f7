/** A row of values as an SVG path in a box of 100 × 24; gaps where there is no value, nothing for fewer than two. */
const WIDTH = 100;
const HEIGHT = 24;
const EDGE = 2;

export function sparkline(values: readonly (number | null)[], { log = false } = {}): string {
  const heights = values.map((value) =>
    value === null || (log && value <= 0) ? null : log ? Math.log10(value) : value,
  );
  const known = heights.filter((height) => height !== null);
  if (known.length < 2) return '';
  const low = Math.min(...known);
  const range = Math.max(...known) - low;
  const x = (i: number) => ((i / (values.length - 1)) * WIDTH).toFixed(1);
  const y = (height: number) =>
    (range === 0 ? HEIGHT / 2 : HEIGHT - EDGE - ((height - low) / range) * (HEIGHT - 2 * EDGE)).toFixed(1);
  let isOpen = false;
  return heights
    .map((height, i) => {
      if (height === null) {
        isOpen = false;
        return '';
      }
      const part = `${isOpen ? 'L' : 'M'}${x(i)} ${y(height)}`;
      isOpen = true;
      return part;
    })
    .join('');
}
