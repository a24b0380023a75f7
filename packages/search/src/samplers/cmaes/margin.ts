/**
 * CMA-ES with margin: keeps every grid dimension from freezing on one value.
 *
 * After each generation mean and A of a grid dimension are moved so that the values below and above the mean's
 * cell keep at least the probability α/2 each (at an end of the grid: α in all), α = 1/(n λ). Hamano et al.,
 * "CMA-ES with Margin", GECCO 2022, equations 5 to 12.
 */
import { normalCdf, normalQuantile } from '../../math/normal-distribution.ts';
import { fromUnit, gridCell, gridValue, type Dimension } from '../../space-encoding.ts';
import type { EvolutionState } from './evolution.ts';

/** Coordinate of the border between a cell and the next. */
function borderAfter(dimension: Dimension, cell: number): number {
  const { innerLow, innerHigh, step, log } = dimension;
  const border = gridValue(dimension, cell) + step / 2;
  return ((log ? Math.log(border) : border) - innerLow) / (innerHigh - innerLow);
}

/** @param dimensions of the state's coordinates */
export function withMargin(
  state: EvolutionState,
  dimensions: readonly Dimension[],
  population: number,
): EvolutionState {
  const n = dimensions.length;
  const alpha = 1 / (n * population);
  const mean = state.mean.slice();
  const margins = state.margins.slice();
  dimensions.forEach((dimension, d) => {
    if (dimension.step === 0) return;
    const deviation = state.sigma * margins[d]! * Math.sqrt(state.covariance[d * n + d]!);
    const cell = gridCell(dimension, fromUnit(dimension, mean[d]!));
    if (cell === 0 || cell === dimension.cells - 1)
      mean[d] = nearBorder(mean[d]!, borderAfter(dimension, Math.max(0, cell - 1)), deviation, alpha);
    else {
      const low = borderAfter(dimension, cell - 1);
      const high = borderAfter(dimension, cell);
      const moved = betweenBorders(mean[d]!, low, high, deviation, alpha);
      mean[d] = moved.mean;
      margins[d]! *= moved.deviation / deviation;
    }
  });
  return { ...state, mean, margins };
}

/** At an end of the grid: the mean moves so close to the only border that α lies beyond it. */
function nearBorder(mean: number, border: number, deviation: number, alpha: number): number {
  const reach = -deviation * normalQuantile(alpha);
  return Math.min(border + reach, Math.max(border - reach, mean));
}

function betweenBorders(
  mean: number,
  low: number,
  high: number,
  deviation: number,
  alpha: number,
): { mean: number; deviation: number } {
  const half = alpha / 2;
  const below = normalCdf((low - mean) / deviation);
  const above = normalCdf((mean - high) / deviation);
  if (below >= half && above >= half) return { mean, deviation };
  const raisedBelow = Math.max(half, below);
  const raisedAbove = Math.max(half, above);
  const middle = 1 - below - above;
  // What was added is taken from where there is more than the margin.
  const share = (1 - raisedBelow - raisedAbove - middle) / (raisedBelow + raisedAbove + middle - 3 * half);
  const newBelow = Math.min(0.5 - 1e-9, raisedBelow + share * (raisedBelow - half));
  const newAbove = Math.min(0.5 - 1e-9, raisedAbove + share * (raisedAbove - half));
  const zBelow = -normalQuantile(newBelow);
  const zAbove = -normalQuantile(newAbove);
  const width = (high - low) / (zBelow + zAbove);
  return { mean: low + zBelow * width, deviation: width };
}
