/**
 * How the units of a layer behave on a fixed sample.
 *
 * Activations come as rows × units: a unit is a channel, a dense unit or an LSTM cell; a row is one sample at one
 * position. For row r and unit u, a[r·U + u].
 */
import type { Activation, Histogram } from '@onegin/contracts';

/** What bounds a layer's outputs, and where an end of the range begins. */
export type UnitKind = Activation;

export interface UnitStatistics {
  units: number;
  /** Shares of units, see contracts. */
  dead: number;
  dormant: number;
  /** Null where the activation has no end to be stuck at. */
  saturated: number | null;
  /** Dead or dormant. */
  inactive: number;
  mean: number;
  std: number;
  histogram: Histogram;
}

/** Sokar et al. 2023, "The Dormant Neuron Phenomenon": mean |activation| over the layer's mean at or below this. */
const DORMANT = 0.025;
/** Beyond this share of the range … */
const END_OF_RANGE = 0.95;
/** … in more than this share of the rows. */
const ALMOST_ALWAYS = 0.95;
/** Spread below which a unit counts as not moving, relative to its size: float32 rounding of a sum. */
const STILL = 1e-6;
export const HISTOGRAM_CELLS = 30;

/** SELU's floor is −λα (Klambauer et al. 2017). */
const SELU_FLOOR = -1.7580993408473766;

/** Whether a value sits at an end of the activation's range. */
const atEnd: Record<UnitKind, ((value: number) => boolean) | null> = {
  // ReLU's only end is 0, and being there too often is dormancy.
  relu: null,
  elu: (value) => value < -END_OF_RANGE,
  selu: (value) => value < END_OF_RANGE * SELU_FLOOR,
  tanh: (value) => Math.abs(value) > END_OF_RANGE,
  sigmoid: (value) => Math.abs(2 * value - 1) > END_OF_RANGE,
};

export function unitStatistics(values: Float32Array, units: number, kind: UnitKind): UnitStatistics {
  const rows = values.length / units;
  const perUnit = Array.from({ length: units }, (_, u) => oneUnit(values, rows, units, u, kind));
  const layerMean = perUnit.reduce((sum, unit) => sum + unit.meanAbsolute, 0) / units;
  const isDormant = (unit: OneUnit) => unit.meanAbsolute <= DORMANT * layerMean;
  const shareOf = (test: (unit: OneUnit) => boolean) => perUnit.filter(test).length / units;
  return {
    units,
    dead: shareOf((unit) => unit.dead),
    dormant: shareOf(isDormant),
    saturated: atEnd[kind] ? shareOf((unit) => unit.saturated) : null,
    inactive: shareOf((unit) => unit.dead || isDormant(unit)),
    ...moments(values),
    histogram: histogram(values),
  };
}

interface OneUnit {
  dead: boolean;
  saturated: boolean;
  meanAbsolute: number;
}

function oneUnit(values: Float32Array, rows: number, units: number, u: number, kind: UnitKind): OneUnit {
  const stuck = atEnd[kind];
  let high = -Infinity;
  let low = Infinity;
  let absolute = 0;
  let ends = 0;
  for (let i = u; i < values.length; i += units) {
    const value = values[i]!;
    if (value > high) high = value;
    if (value < low) low = value;
    absolute += Math.abs(value);
    if (stuck?.(value)) ends++;
  }
  const still = high - low <= STILL * Math.max(1, Math.abs(high));
  return {
    dead: still || (kind === 'relu' && high <= 0),
    saturated: ends > ALMOST_ALWAYS * rows,
    meanAbsolute: absolute / rows,
  };
}

/** Share of (gate, unit) pairs of an LSTM that sit at an end of their range: gates are sigmoids, outputs tanh. */
export function saturatedGates(
  gates: readonly { values: Float32Array; kind: 'sigmoid' | 'tanh' }[],
  units: number,
): number {
  let saturated = 0;
  for (const { values, kind } of gates) {
    const rows = values.length / units;
    for (let u = 0; u < units; u++) if (oneUnit(values, rows, units, u, kind).saturated) saturated++;
  }
  return saturated / (units * gates.length);
}

function moments(values: Float32Array): { mean: number; std: number } {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, std: Math.sqrt(squares / values.length) };
}

/** Counts over equal cells between the smallest and the largest value. */
export function histogram(values: Float32Array, cells = HISTOGRAM_CELLS): Histogram {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const counts = new Array<number>(cells).fill(0);
  const width = (high - low) / cells;
  for (const value of values)
    counts[width > 0 ? Math.min(cells - 1, Math.floor((value - low) / width)) : 0]!++;
  return { low, high, counts };
}
