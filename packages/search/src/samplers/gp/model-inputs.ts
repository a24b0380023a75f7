/**
 * Points as the Gaussian process sees them: the unit cube for numbers (half a step of padding on a grid),
 * the index for categories. A parameter that its condition switches off takes a constant, so that all trials
 * lie in one space and its lengthscale says nothing about them.
 */
import { fromUnit, isActiveIn, toUnit, type Dimension, type EncodedSpace } from '../../space-encoding.ts';

const INACTIVE_NUMBER = 0.5;
const INACTIVE_CATEGORY = -1;

const inactiveCoordinate = (dimension: Dimension): number =>
  dimension.categorical ? INACTIVE_CATEGORY : INACTIVE_NUMBER;

const numberToCoordinate = (dimension: Dimension, number: number): number =>
  dimension.categorical ? number : toUnit(dimension, number);

export const coordinateToNumber = (dimension: Dimension, coordinate: number): number =>
  dimension.categorical ? coordinate : fromUnit(dimension, coordinate);

/** Row → model input. Undefined if an active parameter has no value of the current space. */
export function inputOfRow(encoded: EncodedSpace, row: Float64Array): Float64Array | undefined {
  const input = new Float64Array(row.length);
  for (let i = 0; i < row.length; i++) {
    const dimension = encoded.dimensions[i]!;
    const active = isActiveIn(dimension, row);
    if (active && Number.isNaN(row[i]!)) return undefined;
    input[i] = active ? numberToCoordinate(dimension, row[i]!) : inactiveCoordinate(dimension);
  }
  return input;
}

/** Coordinates of all dimensions, active or not → row, snapped to what each dimension can be. */
export function rowOfCoordinates(
  encoded: EncodedSpace,
  coordinates: Float64Array,
  out: Float64Array = new Float64Array(coordinates.length),
): Float64Array {
  // Parents come first, so what a child looks at is written already.
  for (let i = 0; i < out.length; i++) {
    const dimension = encoded.dimensions[i]!;
    out[i] = isActiveIn(dimension, out) ? coordinateToNumber(dimension, coordinates[i]!) : NaN;
  }
  return out;
}

/** The coordinates with inactive dimensions set to their constant, written to `out`. */
export function inputOfCoordinates(
  encoded: EncodedSpace,
  coordinates: Float64Array,
  out: Float64Array,
): Float64Array {
  out.set(coordinates);
  if (!encoded.conditional) return out;
  const row = rowOfCoordinates(encoded, coordinates);
  for (let i = 0; i < out.length; i++)
    if (Number.isNaN(row[i]!)) out[i] = inactiveCoordinate(encoded.dimensions[i]!);
  return out;
}
