/**
 * The search space made ready for arithmetic.
 *
 * A *row* holds one number per parameter, parents before children: the value itself, or the index of a
 * category's choice; NaN where the parameter is inactive, absent or outside the current space.
 *
 * The unit cube: continuous u = (t(v) − t(low)) / (t(high) − t(low)); on a grid of step s each value owns a
 * cell, u = (t(v) − t(low − s/2)) / (t(high + s/2) − t(low − s/2)); t = ln if log, else identity.
 * Category i of C sits at (i + ½)/C. A range of one value maps to ½.
 */
import { parameterAllows, parseOrThrow, searchSpaceSchema } from '@onegin/contracts';
import type { Parameter, Params, ParamValue, SearchSpace } from '@onegin/contracts';
import * as z from 'zod';

export interface Dimension {
  readonly name: string;
  readonly parameter: Parameter;
  readonly categorical: boolean;
  readonly log: boolean;
  /** Smallest and largest value; for categories 0 and C − 1. */
  readonly low: number;
  readonly high: number;
  /** Distance of neighbours on the grid; 0 where continuous. */
  readonly step: number;
  /** How many values there are; Infinity where continuous. */
  readonly cells: number;
  /** The range that kernels live in: half a step wider on a grid, in log space if log. */
  readonly innerLow: number;
  readonly innerHigh: number;
  /** Index of the parameter whose value decides whether this one is active; −1 without condition. */
  readonly parent: number;
  /** Values of the parent (as in a row) under which this one is active. */
  readonly parentValues: ReadonlySet<number>;
}

export interface EncodedSpace {
  readonly space: SearchSpace;
  /** Parents before children. */
  readonly dimensions: readonly Dimension[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** Whether every parameter has finitely many values. */
  readonly discrete: boolean;
  readonly conditional: boolean;
  /**
   * Dimensions that are always active together, parents' groups first. Without conditions there is one.
   */
  readonly groups: readonly (readonly number[])[];
}

const encodedSpaces = new WeakMap<SearchSpace, EncodedSpace>();

/** Checks the space and encodes it; the same object is encoded once. @throws OneginError `request-invalid` */
export function encodeSpace(space: SearchSpace): EncodedSpace {
  const known = typeof space === 'object' && space !== null ? encodedSpaces.get(space) : undefined;
  if (known) return known;
  parseOrThrow(z.object({ space: searchSpaceSchema }), { space }, 'the search space');
  const encoded = build(space);
  encodedSpaces.set(space, encoded);
  return encoded;
}

function build(space: SearchSpace): EncodedSpace {
  const names = parentsFirst(space);
  const indexOf = new Map(names.map((name, index) => [name, index]));
  const dimensions: Dimension[] = [];
  for (const name of names) dimensions.push(dimension(name, space[name]!, indexOf, dimensions));
  return {
    space,
    dimensions,
    indexOf,
    discrete: dimensions.every(({ cells }) => Number.isFinite(cells)),
    conditional: dimensions.some(({ parent }) => parent >= 0),
    groups: groupByActivity(dimensions),
  };
}

function parentsFirst(space: SearchSpace): string[] {
  const ordered = new Set<string>();
  const visit = (name: string): void => {
    const parent = space[name]?.when?.param;
    if (parent !== undefined && !ordered.has(parent)) visit(parent);
    ordered.add(name);
  };
  Object.keys(space).forEach(visit);
  return [...ordered];
}

function dimension(
  name: string,
  parameter: Parameter,
  indexOf: ReadonlyMap<string, number>,
  earlier: readonly Dimension[],
): Dimension {
  const parent = parameter.when ? indexOf.get(parameter.when.param)! : -1;
  const parentValues = new Set(parameter.when?.in.map((value) => valueToNumber(earlier[parent]!, value)));
  const shared = { name, parameter, parent, parentValues };
  if (parameter.type === 'categorical') {
    const cells = parameter.choices.length;
    const range = { low: 0, high: cells - 1, innerLow: 0, innerHigh: cells };
    return { ...shared, ...range, categorical: true, log: false, step: 1, cells };
  }
  const { low, high, log = false } = parameter;
  const step = parameter.step ?? (parameter.type === 'int' ? 1 : 0);
  const cells = step > 0 ? Math.round((high - low) / step) + 1 : low === high ? 1 : Infinity;
  const t = log ? Math.log : (value: number) => value;
  const innerLow = t(low - step / 2);
  const innerHigh = t(high + step / 2);
  return { ...shared, categorical: false, log, low, high, step, cells, innerLow, innerHigh };
}

function groupByActivity(dimensions: readonly Dimension[]): number[][] {
  const signatures: string[] = [];
  dimensions.forEach(({ parent, parentValues }) => {
    signatures.push(
      parent < 0 ? '' : `${parent}:${[...parentValues].sort().join(',')}<${signatures[parent]}`,
    );
  });
  return [...Map.groupBy(dimensions.keys(), (index) => signatures[index]).values()];
}

/** The number that stands for a value in a row. */
export function valueToNumber(dimension: Dimension, value: ParamValue): number {
  const { parameter } = dimension;
  return parameter.type === 'categorical' ? parameter.choices.indexOf(value) : Number(value);
}

/** The value that a row's number stands for. */
export function numberToValue(dimension: Dimension, number: number): ParamValue {
  const { parameter } = dimension;
  return parameter.type === 'categorical' ? parameter.choices[number]! : number;
}

/** Whether the dimension is active in a row whose parents are filled in. */
export function isActiveIn(dimension: Dimension, row: ArrayLike<number>): boolean {
  return dimension.parent < 0 || dimension.parentValues.has(row[dimension.parent]!);
}

/** Parameters → row. Values that the current space doesn't know become NaN; nothing is thrown. */
export function toRow(encoded: EncodedSpace, params: Params): Float64Array {
  const row = new Float64Array(encoded.dimensions.length).fill(NaN);
  encoded.dimensions.forEach((dimension, index) => {
    const value = params[dimension.name];
    if (value !== undefined && isActiveIn(dimension, row) && parameterAllows(dimension.parameter, value))
      row[index] = valueToNumber(dimension, value);
  });
  return row;
}

/** Row → parameters, in the order of the space. Inactive parameters are left out. */
export function fromRow(encoded: EncodedSpace, row: ArrayLike<number>): Params {
  const params: Params = {};
  for (const name of Object.keys(encoded.space)) {
    const index = encoded.indexOf.get(name)!;
    const number = row[index]!;
    if (!Number.isNaN(number)) params[name] = numberToValue(encoded.dimensions[index]!, number);
  }
  return params;
}

/** Value in a row → [0, 1]. */
export function toUnit(dimension: Dimension, number: number): number {
  if (dimension.cells === 1) return 0.5;
  if (dimension.categorical) return (number + 0.5) / dimension.cells;
  const { innerLow, innerHigh } = dimension;
  const u = ((dimension.log ? Math.log(number) : number) - innerLow) / (innerHigh - innerLow);
  return Math.min(1, Math.max(0, u));
}

/** [0, 1] → the nearest value of the dimension. */
export function fromUnit(dimension: Dimension, u: number): number {
  if (dimension.categorical)
    return Math.min(dimension.cells - 1, Math.max(0, Math.floor(u * dimension.cells)));
  const { innerLow, innerHigh } = dimension;
  return fromInner(dimension, innerLow + u * (innerHigh - innerLow));
}

/** A number of the kernels' range (log space if log) → the nearest value of the dimension. */
export function fromInner(dimension: Dimension, inner: number): number {
  const { low, high, step } = dimension;
  const value = dimension.log ? Math.exp(inner) : inner;
  if (step === 0) return Math.min(high, Math.max(low, value));
  return gridValue(dimension, Math.round((value - low) / step));
}

/** The value of cell 0 … cells − 1 of a discrete dimension. */
export function gridValue(dimension: Dimension, cell: number): number {
  const { low, high, step, cells } = dimension;
  const inside = Math.min(cells - 1, Math.max(0, cell));
  if (inside === 0) return low;
  if (inside === cells - 1) return high;
  if (Number.isInteger(step) && Number.isInteger(low)) return low + inside * step;
  // Twelve digits turn 0.1 + 2 · 0.1 into 0.3, so that equal grid points are equal numbers.
  return Number((low + inside * step).toPrecision(12));
}

/** The cell of a value on the grid. */
export const gridCell = (dimension: Dimension, number: number): number =>
  dimension.step === 0 ? 0 : Math.round((number - dimension.low) / dimension.step);

/**
 * Fills a row from points of the unit cube, parents first, leaving inactive dimensions NaN.
 * `unit(index)` gives the coordinate of a dimension; it is asked for active ones only.
 */
export function rowFromUnit(encoded: EncodedSpace, unit: (index: number) => number): Float64Array {
  const row = new Float64Array(encoded.dimensions.length).fill(NaN);
  encoded.dimensions.forEach((dimension, index) => {
    if (isActiveIn(dimension, row)) row[index] = fromUnit(dimension, unit(index));
  });
  return row;
}
