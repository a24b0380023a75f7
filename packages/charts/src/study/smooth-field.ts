/**
 * A field of values over two parameters, smoothed from scattered trials.
 *
 *   f(u) = Σ wᵢ vᵢ / Σ wᵢ,   wᵢ = exp(−‖u − uᵢ‖² / 2h²),   h = max(0.05, ⅓ n^(−1/6))
 *
 * u: a cell's middle, uᵢ: trial i, both parameters as shares of their range; vᵢ: the trial's value; n: number
 * of trials (Nadaraya 1964, Watson 1964; h falls with n as Scott's rule says for two dimensions). Cells that no
 * trial is near to are left out: a guess there would look like knowledge. A choice has one cell, smoothed over
 * the trials of that choice only.
 */
import type { ScoredTrial } from './scored-trials.ts';
import { axisShare, axisValue, type ParameterScale } from './parameter-scale.ts';

const CELLS = 48;
/** Some trial must weigh this much in a cell: one at a distance of 1.5 h does. */
const LEAST_WEIGHT = 0.325;

export interface FieldCell {
  readonly column: number;
  readonly row: number;
  readonly value: number;
}

/** Cells on the axis of a parameter. */
export const cellsOf = ({ categories }: ParameterScale): number => (categories ? categories.length : CELLS);

/** `values[i]` is trial i's; every trial uses both parameters. */
export function smoothField(
  trials: readonly ScoredTrial[],
  values: readonly number[],
  x: ParameterScale,
  y: ParameterScale,
): FieldCell[] {
  const bandwidth = Math.max(0.05, trials.length ** (-1 / 6) / 3);
  // The kernel is a product, so each axis has its own table: exp is taken cells · trials times, not cells².
  const alongX = kernel(x, trials, bandwidth);
  const alongY = kernel(y, trials, bandwidth);
  const cells: FieldCell[] = [];
  alongX.forEach((kx, column) =>
    alongY.forEach((ky, row) => {
      let [sum, weight, nearest] = [0, 0, 0];
      for (let i = 0; i < values.length; i++) {
        const w = kx[i]! * ky[i]!;
        sum += w * values[i]!;
        weight += w;
        if (w > nearest) nearest = w;
      }
      if (nearest >= LEAST_WEIGHT) cells.push({ column, row, value: sum / weight });
    }),
  );
  return cells;
}

/** Per cell of the axis the weight of every trial along it; for choices 1 or 0. */
function kernel(scale: ParameterScale, trials: readonly ScoredTrial[], bandwidth: number): Float64Array[] {
  const at = trials.map(({ trial }) => axisValue(scale, trial.params)!);
  const shares = at.map((value) => axisShare(scale, value));
  const cells = cellsOf(scale);
  return Array.from({ length: cells }, (_, cell) => {
    if (scale.categories) return Float64Array.from(at, (value) => (value === cell ? 1 : 0));
    const middle = (cell + 0.5) / cells;
    return Float64Array.from(shares, (share) => Math.exp(-(((share - middle) / bandwidth) ** 2) / 2));
  });
}
