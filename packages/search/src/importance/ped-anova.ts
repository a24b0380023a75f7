/**
 * PED-ANOVA: how much the distribution of the best trials differs from that of all trials, by parameter
 * (Watanabe, Bansal & Hutter 2023, "PED-ANOVA", equation 11 and algorithm 1; conditional parameters as in
 * "Conditional PED-ANOVA", theorem 4.2).
 *
 *   top      the best ⌈0.1 n⌉ of n trials, with all that tie with the last of them
 *   x        cell 0 … G − 1 of a grid over the parameter's range: each value of a discrete parameter its own
 *            up to 50, else 50; for log ints ⌈log₂(high − low + 1)⌉ + 1; or the choices
 *   p(x)     density of a set of trials on the grid: kernels with the cells' counts as weights, and a wide prior
 *            kernel of weight 1
 *   D        Σ_x p_all(x)·(p_top(x)/p_all(x) − 1)²
 *   share    of a parameter that is active in a part of the trials only: (a_top² / a_all)·D over these trials,
 *            a the share of trials in which it is active
 *
 * Kernels are normals cut to the grid and integrated over cells. Their width is Scott's rule,
 * 1.059·min(IQR/1.34, sd)·N^(−1/5) cells, at least 0.5/1.64, so that 90% of a kernel stays in its cell.
 */
import { normalMass } from '../math/normal-distribution.ts';
import { nondominationRanks } from '../math/nondomination.ts';
import { pickByHypervolume } from '../math/hypervolume.ts';
import type { Dimension } from '../space-encoding.ts';
import type { Evidence } from './evidence.ts';

const TOP_SHARE = 0.1;
const MOST_CELLS = 50;
const PRIOR_WEIGHT = 1;
const LEAST_WIDTH = 0.5 / 1.64;
// Keeps the ratio of densities finite where a cell is out of every kernel's reach.
const DENSITY_FLOOR = 1e-12;

/**
 * Divergence per parameter, in the order of the dimensions; not normalized.
 * @param losses per trial and objective; several objectives ask what leads to the Pareto front
 */
export function pedAnova({ encoded, rows }: Evidence, losses: readonly (readonly number[])[]): number[] {
  const isTop = losses[0].length === 1 ? bestShare(losses.map(([value]) => value)) : frontShare(losses);
  const topRows = rows.filter((_, i) => isTop[i]);
  // Where the best can't be told from the rest, every divergence is 0.
  if (topRows.length === rows.length) return encoded.dimensions.map(() => 0);
  return encoded.dimensions.map((dimension, d) => {
    const values = (of: readonly Float64Array[]) => of.map((row) => row[d]).filter((v) => !Number.isNaN(v));
    const all = values(rows);
    const top = values(topRows);
    if (dimension.cells === 1 || top.length === 0) return 0;
    const activeTop = top.length / topRows.length;
    const activeAll = all.length / rows.length;
    return (activeTop ** 2 / activeAll) * divergence(density(dimension, top), density(dimension, all));
  });
}

function bestShare(losses: readonly number[]): boolean[] {
  const sorted = Float64Array.from(losses).sort();
  const last = sorted[Math.ceil(TOP_SHARE * losses.length) - 1];
  return losses.map((value) => value <= last);
}

/** Whole ranks of nondomination first; of the rank that doesn't fit, the points with most hypervolume. */
function frontShare(losses: readonly (readonly number[])[]): boolean[] {
  const ranks = nondominationRanks(losses);
  const order = losses.map((_, i) => i).sort((a, b) => ranks[a] - ranks[b] || a - b);
  const count = Math.ceil(TOP_SHARE * losses.length);
  const boundary = ranks[order[count - 1]];
  const chosen = order.filter((i) => ranks[i] < boundary);
  const rivals = order.filter((i) => ranks[i] === boundary);
  const picked = pickByHypervolume(
    rivals.map((i) => losses[i]),
    count - chosen.length,
  ).map((k) => rivals[k]);
  const top = new Set([...chosen, ...picked]);
  return losses.map((_, i) => top.has(i));
}

function divergence(top: Float64Array, all: Float64Array): number {
  let sum = 0;
  for (let x = 0; x < top.length; x++) {
    const pAll = all[x] + DENSITY_FLOOR;
    sum += pAll * ((top[x] + DENSITY_FLOOR) / pAll - 1) ** 2;
  }
  return sum;
}

function density(dimension: Dimension, values: readonly number[]): Float64Array {
  const counts = countCells(dimension, values);
  return dimension.categorical ? categoricalDensity(counts) : numericDensity(counts);
}

function gridCells({ parameter, log, step, cells, low, high }: Dimension): number {
  if (parameter.type === 'int' && log) return Math.min(MOST_CELLS, Math.ceil(Math.log2(high - low + 1)) + 1);
  return step > 0 ? Math.min(cells, MOST_CELLS) : MOST_CELLS;
}

function countCells(dimension: Dimension, values: readonly number[]): number[] {
  if (dimension.categorical) {
    const counts = new Array<number>(dimension.cells).fill(0);
    for (const choice of values) counts[choice]++;
    return counts;
  }
  const cells = gridCells(dimension);
  const counts = new Array<number>(cells).fill(0);
  const scale = dimension.log ? Math.log : (value: number) => value;
  const low = scale(dimension.low);
  const width = (scale(dimension.high) - low) / (cells - 1);
  for (const value of values) {
    // A value half-way between two cells counts for the lower one.
    const cell = Math.ceil((scale(value) - low) / width - 0.5);
    counts[Math.min(cells - 1, Math.max(0, cell))]++;
  }
  return counts;
}

/** Kernel of a seen choice: 1 on it and a share of the prior everywhere, normalized. */
function categoricalDensity(counts: readonly number[]): Float64Array {
  const choices = counts.length;
  const seen = counts.filter((count) => count > 0).length;
  const spread = PRIOR_WEIGHT / (seen + 1);
  const total = counts.reduce((sum, count) => sum + count, 0) + PRIOR_WEIGHT;
  return Float64Array.from(counts, (_, x) => {
    let sum = PRIOR_WEIGHT / choices;
    for (const [choice, count] of counts.entries())
      if (count > 0) sum += (count * (spread + Number(choice === x))) / (choices * spread + 1);
    return sum / total;
  });
}

function numericDensity(counts: readonly number[]): Float64Array {
  const cells = counts.length;
  const width = Math.max(scottWidth(counts), LEAST_WIDTH);
  const total = counts.reduce((sum, count) => sum + count, 0) + PRIOR_WEIGHT;
  const density = new Float64Array(cells);
  const addKernel = (centre: number, sigma: number, weight: number): void => {
    const whole = normalMass((-0.5 - centre) / sigma, (cells - 0.5 - centre) / sigma);
    for (let x = 0; x < cells; x++) {
      const mass = normalMass((x - 0.5 - centre) / sigma, (x + 0.5 - centre) / sigma);
      density[x] += ((weight / total) * mass) / whole;
    }
  };
  counts.forEach((count, cell) => {
    if (count > 0) addKernel(cell, width, count);
  });
  addKernel((cells - 1) / 2, cells, PRIOR_WEIGHT);
  return density;
}

/** Scott's rule on cells, with quartiles taken at whole observations. */
function scottWidth(counts: readonly number[]): number {
  const seen = counts.flatMap((count, cell) => (count > 0 ? [{ cell, count }] : []));
  const n = seen.reduce((sum, { count }) => sum + count, 0);
  const mean = seen.reduce((sum, { cell, count }) => sum + cell * count, 0) / n;
  const squares = seen.reduce((sum, { cell, count }) => sum + count * (cell - mean) ** 2, 0);
  let passed = 0;
  const upTo = seen.map(({ count }) => (passed += count));
  const lower = upTo.findIndex((sum) => sum >= Math.floor(n / 4));
  const upper = upTo.findIndex((sum) => sum > Math.floor((3 * n) / 4));
  const range = (seen.at(upper) ?? seen[seen.length - 1]).cell - seen[lower].cell;
  return 1.059 * Math.min(range / 1.34, Math.sqrt(squares / Math.max(1, n - 1))) * n ** -0.2;
}
