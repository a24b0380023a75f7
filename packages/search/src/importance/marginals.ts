/**
 * Marginals of the objective over one or two parameters, for charts: what to expect at a value when all other
 * parameters are averaged over their ranges (see response-forest).
 */
import { invalid, wrongField, type OneginError, type ParamValue, type SearchSpace } from '@onegin/contracts';
import { encodeSpace, fromUnit, gridValue, numberToValue } from '../space-encoding.ts';
import type { Dimension, EncodedSpace } from '../space-encoding.ts';
import type { Direction, Trial } from '../trial-history.ts';
import { gatherEvidence, unavailable, whyTooLittle, type Unavailable } from './evidence.ts';
import { chooseObjective, valuesOf } from './importances.ts';
import { ResponseForest } from './response-forest.ts';
import { sizeIn, type Box } from './tree-boxes.ts';

export interface MarginalRequest {
  readonly space: SearchSpace;
  readonly directions: readonly Direction[];
  /** Index of the objective; default 0. */
  readonly objective?: number;
  readonly seed?: number;
  /** Points over a continuous range or a long grid; default 50 for one parameter, 30 a side for two. */
  readonly points?: number;
}

export interface Marginal {
  readonly available: true;
  readonly param: string;
  /** Values of the parameter: rising, or choices in their order. */
  readonly at: readonly ParamValue[];
  /** Expected objective at each, in its own unit. */
  readonly mean: readonly number[];
  /** Standard deviation between the trees: how sure the forest is. */
  readonly deviation: readonly number[];
}

export interface PairMarginal {
  readonly available: true;
  readonly params: readonly [string, string];
  readonly at: readonly [readonly ParamValue[], readonly ParamValue[]];
  /** mean[i][j] at the first parameter's value i and the second's value j. */
  readonly mean: readonly (readonly number[])[];
}

export interface Marginals {
  readonly available: true;
  /** @throws OneginError `request-invalid` for a name that the space doesn't have */
  of(param: string): Marginal | Unavailable;
  /** @throws OneginError `request-invalid` for a name that the space doesn't have, or twice the same */
  ofPair(first: string, second: string): PairMarginal | Unavailable;
}

/** The forest is grown when first needed and serves every marginal. */
export function createMarginals(
  history: readonly Trial[],
  request: MarginalRequest,
): Marginals | Unavailable {
  const { space, directions, seed = 0, points } = request;
  const objective = chooseObjective(request, 'fanova') as number;
  const encoded = encodeSpace(space);
  const evidence = gatherEvidence(encoded, history, directions.length);
  const reason = whyTooLittle(evidence, objective);
  if (reason !== null) return unavailable(reason);
  const response = new ResponseForest(evidence, valuesOf(evidence, objective), seed, 'searched');
  return {
    available: true,
    of: (param) => oneParameter(encoded, response, param, points ?? 50),
    ofPair: (first, second) => twoParameters(encoded, response, first, second, points ?? 30),
  };
}

function oneParameter(
  encoded: EncodedSpace,
  response: ResponseForest,
  param: string,
  points: number,
): Marginal | Unavailable {
  const d = dimensionNamed(encoded, param);
  const forest = response.forestWith([d]);
  if ('available' in forest) return forest;
  const axis = axisOf(encoded.dimensions[d], (number) => response.position(d, number), points);
  const place = forest.dimensions.indexOf(d);
  const count = forest.trees.length;
  const sum = new Float64Array(axis.values.length);
  const squares = new Float64Array(axis.values.length);
  for (const boxes of forest.trees) {
    const marginal = new Float64Array(axis.values.length);
    for (const box of boxes) {
      const height = (box.volume / sizeIn(box, place)) * box.value;
      for (const k of axis.inside(box, place)) marginal[k] += height;
    }
    marginal.forEach((value, k) => {
      sum[k] += value / count;
      squares[k] += (value * value) / count;
    });
  }
  const deviation = Array.from(sum, (mean, k) => Math.sqrt(Math.max(0, squares[k] - mean * mean)));
  return { available: true, param, at: axis.values, mean: [...sum], deviation };
}

function twoParameters(
  encoded: EncodedSpace,
  response: ResponseForest,
  first: string,
  second: string,
  points: number,
): PairMarginal | Unavailable {
  const dims = [dimensionNamed(encoded, first), dimensionNamed(encoded, second)];
  if (first === second) throw wrongName('two different parameters', [first, second]);
  const forest = response.forestWith(dims);
  if ('available' in forest) return forest;
  const [a, b] = dims.map((d) =>
    axisOf(encoded.dimensions[d], (number) => response.position(d, number), points),
  );
  const [placeA, placeB] = dims.map((d) => forest.dimensions.indexOf(d));
  const mean = a.values.map(() => new Float64Array(b.values.length));
  for (const boxes of forest.trees)
    for (const box of boxes) {
      const height =
        ((box.volume / (sizeIn(box, placeA) * sizeIn(box, placeB))) * box.value) / forest.trees.length;
      const columns = [...b.inside(box, placeB)];
      for (const i of a.inside(box, placeA)) for (const j of columns) mean[i][j] += height;
    }
  return {
    available: true,
    params: [first, second],
    at: [a.values, b.values],
    mean: mean.map((row) => [...row]),
  };
}

interface Axis {
  readonly values: readonly ParamValue[];
  /** Indices of the values that lie in a box. */
  inside(box: Box, place: number): Iterable<number>;
}

/** Every value of a short grid or list of choices, else points spread evenly over the searched scale. */
function axisOf(dimension: Dimension, position: (number: number) => number, points: number): Axis {
  const { cells, categorical } = dimension;
  if (categorical)
    return {
      values: Array.from({ length: cells }, (_, c) => numberToValue(dimension, c)),
      *inside(box, place) {
        for (let c = 0; c < cells; c++) if (box.choices[place]![c]) yield c;
      },
    };
  const numbers =
    cells <= points
      ? Array.from({ length: cells }, (_, cell) => gridValue(dimension, cell))
      : [...new Set(Array.from({ length: points }, (_, k) => fromUnit(dimension, k / (points - 1))))];
  const positions = numbers.map(position);
  return {
    values: numbers,
    *inside(box, place) {
      // Splits are at x ≤ t: a box holds what is above its lower end, up to its upper end; the first one holds 0.
      const low = box.low[place];
      for (let k = 0; k < positions.length && positions[k] <= box.high[place]; k++)
        if (positions[k] > low || low === 0) yield k;
    },
  };
}

function dimensionNamed({ indexOf }: EncodedSpace, name: string): number {
  const d = indexOf.get(name);
  if (d === undefined) throw wrongName(`one of ${[...indexOf.keys()].join(', ')}`, name);
  return d;
}

const wrongName = (expected: string, found: unknown): OneginError =>
  invalid('the question', [wrongField('param', expected, found)]);
