/**
 * The objective as a random forest over the parameters: fANOVA importance, and marginals for charts (Hutter,
 * Hoos & Leyton-Brown 2014).
 *
 *   fANOVA share of parameter d   mean over trees of V_d / V (see tree-boxes), made to sum to 1
 *   marginal of d at x            mean over trees of f_d(x); its deviation is that between trees
 *
 * Volumes are measured on the scale that is searched (log where log), every value of a discrete parameter and
 * every choice alike. `scale: 'linear'` measures numbers as they are, as Optuna does: with a log parameter the
 * upper decade then counts for nearly everything.
 *
 * A conditional parameter is looked at where it is active: on a forest of the trials that have it, weighted
 * with the share of the space in which it is active and with the variance there against that of the whole.
 */
import { streamOf } from '@onegin/contracts';
import { growForest, type Column } from '../math/regression-forest.ts';
import { toUnit, type Dimension } from '../space-encoding.ts';
import { LEAST_TRIALS, unavailable, type Evidence, type Unavailable } from './evidence.ts';
import { boxesOf, marginalVariance, varianceOf, type Box } from './tree-boxes.ts';

/** A forest on the trials that have some parameters, over all parameters that these trials share. */
export interface Forest {
  /** Dimensions of the space, in the order of the boxes' dimensions. */
  readonly dimensions: readonly number[];
  /** Boxes per tree. */
  readonly trees: readonly (readonly Box[])[];
}

export type VolumeScale = 'searched' | 'linear';

const TREES = 64;
/** Beyond this, more trials cost time and tell nothing new; every k-th is taken then. */
const MOST_TRIALS = 2000;

export class ResponseForest {
  readonly #evidence: Evidence;
  readonly #target: Float64Array;
  readonly #seed: number;
  readonly #scale: VolumeScale;
  readonly #kept: readonly number[];
  readonly #forests = new Map<string, Forest | Unavailable>();

  /** @param evidence at least one trial; @param target one value per trial */
  constructor(evidence: Evidence, target: readonly number[], seed: number, scale: VolumeScale) {
    this.#evidence = evidence;
    this.#target = Float64Array.from(target);
    this.#seed = seed;
    this.#scale = scale;
    const every = Math.ceil(target.length / MOST_TRIALS);
    this.#kept = [...evidence.rows.keys()].filter((i) => (evidence.rows.length - 1 - i) % every === 0);
  }

  /** fANOVA per dimension: the part of the variance that the parameter explains on its own. */
  mainEffects(): number[] {
    const { dimensions } = this.#evidence.encoded;
    const whole = this.forestWith([]);
    if ('available' in whole) return dimensions.map(() => 0);
    const wholeVariance = mean(whole.trees.map(varianceOf));
    return dimensions.map((dimension, d) => {
      const forest = this.forestWith([d]);
      if (dimension.cells === 1 || 'available' in forest) return 0;
      const effect = mainEffect(forest, d);
      if (forest === whole || !(wholeVariance > 0)) return effect;
      return (effect * this.#activeShare(d) * mean(forest.trees.map(varianceOf))) / wholeVariance;
    });
  }

  /** The forest for looking at some dimensions together; those that all trials have need no restriction. */
  forestWith(required: readonly number[]): Forest | Unavailable {
    const { rows, encoded } = this.#evidence;
    const restricting = required.filter((d) => this.#kept.some((i) => Number.isNaN(rows[i][d])));
    const key = restricting.sort((a, b) => a - b).join();
    let forest = this.#forests.get(key);
    if (!forest) {
      const members = this.#kept.filter((i) => restricting.every((d) => !Number.isNaN(rows[i][d])));
      const names = restricting.map((d) => encoded.dimensions[d].name).join(' and ');
      forest =
        members.length < LEAST_TRIALS
          ? unavailable(`${names} active in ${members.length} trials; ${LEAST_TRIALS} are needed.`)
          : this.#grow(members, key);
      this.#forests.set(key, forest);
    }
    return forest;
  }

  /** Where a parameter's number stands on the unit scale of the volumes. */
  position(d: number, number: number): number {
    const dimension = this.#evidence.encoded.dimensions[d];
    if (dimension.categorical) return number;
    if (this.#scale === 'searched' || !dimension.log) return toUnit(dimension, number);
    const { low, high, step, cells } = dimension;
    return cells === 1 ? 0.5 : (number - (low - step / 2)) / (high - low + step);
  }

  #grow(members: readonly number[], key: string): Forest {
    const { rows, encoded } = this.#evidence;
    const dimensions = [...encoded.dimensions.keys()].filter((d) =>
      members.every((i) => !Number.isNaN(rows[i][d])),
    );
    const columns = dimensions.map((d): Column => {
      const { categorical, cells } = encoded.dimensions[d];
      const values = Float64Array.from(members, (i) => this.position(d, rows[i][d]));
      return { values, choices: categorical ? cells : 0 };
    });
    const target = Float64Array.from(members, (i) => this.#target[i]);
    const random = streamOf(this.#seed, 'response-forest', key);
    const choiceCounts = columns.map(({ choices }) => choices);
    const trees = growForest(columns, target, TREES, random).map((tree) => boxesOf(tree, choiceCounts));
    return { dimensions, trees };
  }

  /** Share of the space in which a dimension is active; for a continuous parent, of the trials. */
  #activeShare(d: number): number {
    const { dimensions } = this.#evidence.encoded;
    let share = 1;
    for (let child: Dimension = dimensions[d]; child.parent >= 0; child = dimensions[child.parent]) {
      const { cells } = dimensions[child.parent];
      if (cells === Infinity) return this.#observedShare(d);
      share *= child.parentValues.size / cells;
    }
    return share;
  }

  #observedShare(d: number): number {
    const { rows } = this.#evidence;
    return rows.filter((row) => !Number.isNaN(row[d])).length / rows.length;
  }
}

function mainEffect({ dimensions, trees }: Forest, d: number): number {
  const place = dimensions.indexOf(d);
  return mean(
    trees.map((boxes) => {
      const variance = varianceOf(boxes);
      // A tree whose bootstrap sample is constant explains nothing.
      return variance > 0 ? marginalVariance(boxes, place) / variance : 0;
    }),
  );
}

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
