/**
 * A random forest for regression (Breiman 2001): every tree is grown to the end on a bootstrap sample, with
 * the split that reduces the squared error most, over all columns.
 *
 *   columns   d arrays of n numbers; a numeric column splits at x ≤ t, t half-way between two neighbours; a
 *             categorical one (choices as 0, 1, …) splits into one choice and the others
 *   gain      (Σ_L w y)² / Σ_L w + (Σ_R w y)² / Σ_R w, w how often a trial is in the bootstrap sample
 *
 * Numeric columns are sorted once per tree and partitioned stably at every split, so a tree takes
 * O(d·n·(log n + depth)).
 */
import type { RandomStream } from '@onegin/contracts';

export interface Column {
  readonly values: Float64Array;
  /** Number of choices; 0 where numeric. */
  readonly choices: number;
}

/** A tree in flat arrays; node 0 is the root. */
export interface RegressionTree {
  /** Column of the split, −1 in a leaf. */
  readonly column: readonly number[];
  /** Threshold of a numeric split, the choice that goes left of a categorical one. */
  readonly at: readonly number[];
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Mean target of a leaf. */
  readonly value: readonly number[];
}

const MOST_DEPTH = 64;

/** @param target n numbers, finite */
export function growForest(
  columns: readonly Column[],
  target: Float64Array,
  trees: number,
  random: RandomStream,
): RegressionTree[] {
  const orders = columns.map(({ values, choices }) =>
    choices > 0 ? undefined : Int32Array.from(values.keys()).sort((a, b) => values[a] - values[b]),
  );
  return Array.from({ length: trees }, () => {
    const weights = new Float64Array(target.length);
    for (let i = 0; i < target.length; i++) weights[random.integer(target.length)]++;
    return new TreeGrower(columns, target, weights, orders, random).grow();
  });
}

interface Split {
  readonly column: number;
  readonly at: number;
  readonly gain: number;
}

class TreeGrower {
  readonly #columns: readonly Column[];
  readonly #target: Float64Array;
  readonly #weights: Float64Array;
  /** Per column the sample's trials, a node being the same range in each; sorted where numeric. */
  readonly #orders: Int32Array[];
  /** Columns in random order, so that ties between them are broken at random. */
  readonly #tried: Int32Array;
  readonly #goesLeft: Uint8Array;
  readonly #spare: Int32Array;
  readonly #tree = { column: [], at: [], left: [], right: [], value: [] } as {
    [K in keyof RegressionTree]: number[];
  };

  constructor(
    columns: readonly Column[],
    target: Float64Array,
    weights: Float64Array,
    sorted: readonly (Int32Array | undefined)[],
    random: RandomStream,
  ) {
    this.#columns = columns;
    this.#target = target;
    this.#weights = weights;
    const everyone = Int32Array.from(target.keys());
    this.#orders = sorted.map((order) => (order ?? everyone).filter((i) => weights[i] > 0));
    this.#tried = random.shuffle(Int32Array.from(columns.keys()));
    this.#goesLeft = new Uint8Array(target.length);
    this.#spare = new Int32Array(target.length);
  }

  grow(): RegressionTree {
    this.#node(0, this.#orders[0]?.length ?? 0, 0);
    return this.#tree;
  }

  /** Grows the node of the trials at [start, end) and returns its index. */
  #node(start: number, end: number, depth: number): number {
    const tree = this.#tree;
    const index = tree.column.length;
    const { weight, sum, same } = this.#total(start, end);
    tree.column.push(-1);
    tree.at.push(0);
    tree.left.push(-1);
    tree.right.push(-1);
    tree.value.push(weight > 0 ? sum / weight : 0);
    if (same || depth >= MOST_DEPTH) return index;
    const split = this.#bestSplit(start, end, weight, sum);
    if (!split) return index;
    const middle = this.#partition(start, end, split);
    tree.column[index] = split.column;
    tree.at[index] = split.at;
    tree.left[index] = this.#node(start, middle, depth + 1);
    tree.right[index] = this.#node(middle, end, depth + 1);
    return index;
  }

  #total(start: number, end: number): { weight: number; sum: number; same: boolean } {
    const members = this.#orders[0];
    let weight = 0;
    let sum = 0;
    let same = true;
    for (let k = start; k < end; k++) {
      const i = members[k];
      weight += this.#weights[i];
      sum += this.#weights[i] * this.#target[i];
      same &&= this.#target[i] === this.#target[members[start]];
    }
    return { weight, sum, same };
  }

  #bestSplit(start: number, end: number, weight: number, sum: number): Split | undefined {
    let best: Split | undefined;
    for (const column of this.#tried) {
      const { choices } = this.#columns[column];
      const split =
        choices > 0
          ? this.#bestChoice(column, choices, start, end, weight, sum)
          : this.#bestThreshold(column, start, end, weight, sum);
      if (split && (!best || split.gain > best.gain)) best = split;
    }
    return best;
  }

  #bestThreshold(column: number, start: number, end: number, weight: number, sum: number): Split | undefined {
    const order = this.#orders[column];
    const { values } = this.#columns[column];
    let leftWeight = 0;
    let leftSum = 0;
    let gain = -Infinity;
    let place = -1;
    for (let k = start; k < end - 1; k++) {
      const i = order[k];
      leftWeight += this.#weights[i];
      leftSum += this.#weights[i] * this.#target[i];
      if (!(values[i] < values[order[k + 1]])) continue;
      const rightSum = sum - leftSum;
      const here = (leftSum * leftSum) / leftWeight + (rightSum * rightSum) / (weight - leftWeight);
      if (here > gain) {
        gain = here;
        place = k;
      }
    }
    if (place < 0) return undefined;
    const below = values[order[place]];
    const above = values[order[place + 1]];
    const middle = below + (above - below) / 2;
    return { column, at: middle < above ? middle : below, gain };
  }

  #bestChoice(
    column: number,
    choices: number,
    start: number,
    end: number,
    weight: number,
    sum: number,
  ): Split | undefined {
    const order = this.#orders[column];
    const { values } = this.#columns[column];
    const weights = new Float64Array(choices);
    const sums = new Float64Array(choices);
    for (let k = start; k < end; k++) {
      const i = order[k];
      weights[values[i]] += this.#weights[i];
      sums[values[i]] += this.#weights[i] * this.#target[i];
    }
    let best: Split | undefined;
    for (let choice = 0; choice < choices; choice++) {
      if (weights[choice] === 0 || weights[choice] === weight) continue;
      const rest = sum - sums[choice];
      const gain = sums[choice] ** 2 / weights[choice] + rest ** 2 / (weight - weights[choice]);
      if (!best || gain > best.gain) best = { column, at: choice, gain };
    }
    return best;
  }

  /** Puts the trials that go left before the others in every order; returns where the others start. */
  #partition(start: number, end: number, { column, at }: Split): number {
    const { values, choices } = this.#columns[column];
    for (let k = start; k < end; k++) {
      const i = this.#orders[column][k];
      this.#goesLeft[i] = Number(choices > 0 ? values[i] === at : values[i] <= at);
    }
    let middle = start;
    for (const order of this.#orders) {
      middle = start;
      let others = 0;
      for (let k = start; k < end; k++) {
        const i = order[k];
        if (this.#goesLeft[i]) order[middle++] = i;
        else this.#spare[others++] = i;
      }
      order.set(this.#spare.subarray(0, others), middle);
    }
    return middle;
  }
}
