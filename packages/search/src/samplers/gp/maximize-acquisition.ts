/**
 * Finds the point with the largest acquisition value: many candidates are looked at, the best few are
 * improved by L-BFGS-B over the continuous dimensions in turn with coordinate search over the others.
 */
import { minimizeInBox } from '../../math/lbfgsb.ts';
import { SobolSequence } from '../../math/sobol.ts';
import { isActiveIn, toUnit, type Dimension } from '../../space-encoding.ts';
import type { SamplerContext } from '../sampler.ts';
import type { Acquisition } from './acquisition.ts';
import { coordinateToNumber, inputOfCoordinates, rowOfCoordinates } from './model-inputs.ts';

export interface SearchEffort {
  /** Candidates spread over the whole space. */
  readonly spread: number;
  /** Candidates around the best trials. */
  readonly near: number;
  /** How many are improved. */
  readonly starts: number;
}

export interface FoundRow {
  readonly row: Float64Array;
  /** Its acquisition value. */
  readonly value: number;
}

interface Scored {
  readonly coordinates: Float64Array;
  readonly value: number;
}

/** A grid with at most this many values is searched whole. */
const SMALL_GRID = 16;
const ROUNDS = 8;

export class AcquisitionSearch {
  readonly #context: SamplerContext;
  readonly #acquisition: Acquisition;
  readonly #input: Float64Array;
  readonly #row: Float64Array;
  /** Typical distance over which the objective changes, per dimension. */
  readonly #lengthscales: Float64Array;

  constructor(context: SamplerContext, acquisition: Acquisition, inverseSquares: Float64Array) {
    this.#context = context;
    this.#acquisition = acquisition;
    this.#input = new Float64Array(context.encoded.dimensions.length);
    this.#row = new Float64Array(context.encoded.dimensions.length);
    this.#lengthscales = inverseSquares.map((theta) => Math.min(1, 1 / Math.sqrt(theta)));
  }

  /**
   * The best row that no trial has, or the best at all where every one found is taken.
   * @param incumbents coordinates of the best trials, best first
   */
  find(incumbents: readonly Float64Array[], effort: SearchEffort): FoundRow {
    const candidates = [...this.#spread(effort.spread), ...this.#near(incumbents, effort.near)];
    const scored = candidates.map((coordinates) => ({ coordinates, value: this.#value(coordinates) }));
    scored.sort((a, b) => b.value - a.value);
    const known = incumbents
      .slice(0, 1)
      .map((coordinates) => ({ coordinates, value: this.#value(coordinates) }));
    const improved = [...this.#pickStarts(scored, effort.starts), ...known].map((start) =>
      this.#improve(start),
    );
    improved.sort((a, b) => b.value - a.value);
    const { encoded } = this.#context;
    for (const { coordinates, value } of [...improved, ...scored.slice(0, 50)]) {
      const row = rowOfCoordinates(encoded, coordinates);
      if (!this.#context.isTaken(row)) return { row, value };
    }
    return { row: rowOfCoordinates(encoded, improved[0]!.coordinates), value: -Infinity };
  }

  #value(coordinates: Float64Array): number {
    const { encoded, isTaken } = this.#context;
    // Where points can repeat, one that was tried is worth nothing.
    if (encoded.discrete && isTaken(rowOfCoordinates(encoded, coordinates, this.#row))) return -Infinity;
    const value = this.#acquisition.value(inputOfCoordinates(encoded, coordinates, this.#input));
    return Number.isNaN(value) ? -Infinity : value;
  }

  #spread(count: number): Float64Array[] {
    const { encoded, random } = this.#context;
    const sobol = new SobolSequence(encoded.dimensions.length, random.nextUint32());
    return Array.from({ length: count }, (_, i) => {
      const point = sobol.point(i);
      encoded.dimensions.forEach((dimension, d) => (point[d] = snapped(dimension, point[d]!)));
      return point;
    });
  }

  /** Steps of one to a hundredth of a lengthscale, in one to all dimensions. */
  #near(incumbents: readonly Float64Array[], count: number): Float64Array[] {
    if (incumbents.length === 0) return [];
    const { encoded, random } = this.#context;
    const size = encoded.dimensions.length;
    return Array.from({ length: count }, (_, i) => {
      const point = incumbents[i % incumbents.length]!.slice();
      const share = Math.max(1 / size, random.uniform());
      const width = 10 ** (-2 * random.uniform());
      encoded.dimensions.forEach((dimension, d) => {
        const move = random.uniform() < share;
        const drawn = random.normal();
        if (!move) return;
        if (dimension.categorical) point[d] = random.integer(dimension.cells);
        else point[d] = snapped(dimension, reflected(point[d]! + drawn * width * this.#lengthscales[d]!));
      });
      return point;
    });
  }

  /** The best, and then by roulette exp(value − best) so that other hills get a chance. */
  #pickStarts(scored: readonly Scored[], count: number): Scored[] {
    const finite = scored.filter(({ value }) => value > -Infinity);
    const starts = finite.slice(0, 1);
    const rest = finite.slice(1);
    const top = starts[0]?.value ?? 0;
    const weights = rest.map(({ value }) => Math.exp(value - top));
    while (starts.length < count && rest.length > 0) {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      let left = this.#context.random.uniform() * total;
      let place = weights.findIndex((weight) => (left -= weight) < 0);
      if (place < 0) place = 0;
      starts.push(rest[place]!);
      rest.splice(place, 1);
      weights.splice(place, 1);
    }
    return starts;
  }

  #improve(start: Scored): Scored {
    const { encoded } = this.#context;
    let best = start;
    for (let round = 0; round < ROUNDS; round++) {
      const active = activeDimensions(encoded.dimensions, rowOfCoordinates(encoded, best.coordinates));
      const continuous = active.filter(
        (d) => encoded.dimensions[d]!.step === 0 && encoded.dimensions[d]!.cells > 1,
      );
      if (continuous.length > 0) best = better(best, this.#climb(best, continuous));
      const before = best;
      for (const d of active) {
        const dimension = encoded.dimensions[d]!;
        if (dimension.step > 0 && dimension.cells > 1) best = this.#searchGrid(best, d, dimension);
      }
      if (best === before) break;
    }
    return best;
  }

  #climb(start: Scored, dimensions: readonly number[]): Scored {
    const point = start.coordinates.slice();
    const inputs = new Float64Array(point.length);
    const { encoded } = this.#context;
    const { x } = minimizeInBox(
      {
        evaluate: (values, gradient) => {
          dimensions.forEach((d, i) => (point[d] = values[i]!));
          const input = inputOfCoordinates(encoded, point, inputs);
          const value = this.#acquisition.valueWithGradient(input, dimensions, gradient);
          for (let i = 0; i < gradient.length; i++) gradient[i] = -gradient[i]!;
          return -value;
        },
        low: dimensions.map(() => 0),
        high: dimensions.map(() => 1),
      },
      dimensions.map((d) => point[d]!),
      {
        maxIterations: 50,
        gradientTolerance: 1e-3,
        valueTolerance: 1e-6,
        scale: dimensions.map((d) => this.#lengthscales[d]! ** 2),
      },
    );
    dimensions.forEach((d, i) => (point[d] = x[i]!));
    return { coordinates: point, value: this.#value(point) };
  }

  /** The best value of one dimension, the others fixed: all of a small grid, growing steps on a large one. */
  #searchGrid(start: Scored, d: number, dimension: Dimension): Scored {
    const { cells } = dimension;
    if (dimension.categorical || cells <= SMALL_GRID) {
      let best = start;
      for (let cell = 0; cell < cells; cell++)
        best = better(best, this.#at(start, d, cellCoordinate(dimension, cell)));
      return best;
    }
    let best = start;
    for (let step = 1; step < cells; step *= 2)
      for (const side of [-step, step]) {
        const coordinate = best.coordinates[d]! + side / cells;
        if (coordinate > 0 && coordinate < 1)
          best = better(best, this.#at(best, d, snapped(dimension, coordinate)));
      }
    return best;
  }

  #at(start: Scored, d: number, coordinate: number): Scored {
    const coordinates = start.coordinates.slice();
    coordinates[d] = coordinate;
    return { coordinates, value: this.#value(coordinates) };
  }
}

const better = (a: Scored, b: Scored): Scored => (b.value > a.value ? b : a);

const activeDimensions = (dimensions: readonly Dimension[], row: Float64Array): number[] =>
  dimensions.flatMap((dimension, d) => (isActiveIn(dimension, row) ? [d] : []));

/** A coordinate of the unit interval → that of the nearest value; categories become their index. */
function snapped(dimension: Dimension, coordinate: number): number {
  if (dimension.categorical) return Math.min(dimension.cells - 1, Math.floor(coordinate * dimension.cells));
  if (dimension.step === 0) return coordinate;
  return toUnit(dimension, coordinateToNumber(dimension, coordinate));
}

const cellCoordinate = (dimension: Dimension, cell: number): number =>
  dimension.categorical ? cell : toUnit(dimension, dimension.low + cell * dimension.step);

/** Steps out of the unit interval come back in. */
function reflected(u: number): number {
  const folded = Math.abs(u) % 2;
  return folded > 1 ? 2 - folded : folded;
}
