/**
 * A regression tree as boxes of the unit cube, and what follows from them exactly: marginals and variances
 * (Hutter, Hoos & Leyton-Brown 2014, "An Efficient Approach for Assessing Hyperparameter Importance",
 * theorem 3 and algorithm 2).
 *
 *   box i       [low_id, high_id] in a numeric dimension d, a set of choices in a categorical one
 *   size_id     its length there, or the share of choices; vol_i = Π_d size_id; Σ_i vol_i = 1
 *   mean        f0 = Σ_i vol_i·y_i, y_i the leaf's value
 *   marginal    f_d(x) = Σ_{i: x ∈ box i in d} (vol_i / size_id)·y_i
 *   V           Σ_i vol_i·(y_i − f0)²,  V_d = ∫ (f_d(x) − f0)² dx
 */
import type { RegressionTree } from '../math/regression-forest.ts';

export interface Box {
  readonly value: number;
  readonly volume: number;
  /** Per dimension; 0 and 1 where the tree never split, indices of choices don't use them. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Per categorical dimension which choices are inside; undefined where numeric. */
  readonly choices: readonly (readonly boolean[] | undefined)[];
}

/** @param choiceCounts number of choices per dimension, 0 where numeric */
export function boxesOf(tree: RegressionTree, choiceCounts: readonly number[]): Box[] {
  const boxes: Box[] = [];
  const visit = (node: number, box: Omit<Box, 'value' | 'volume'>): void => {
    const d = tree.column[node];
    if (d < 0) {
      const volume = choiceCounts.reduce((product, _, k) => product * sizeIn(box, k), 1);
      boxes.push({ ...box, value: tree.value[node], volume });
      return;
    }
    const at = tree.at[node];
    const inside = box.choices[d];
    if (inside) {
      visit(tree.left[node], {
        ...box,
        choices: box.choices.with(
          d,
          inside.map((_, c) => c === at),
        ),
      });
      visit(tree.right[node], {
        ...box,
        choices: box.choices.with(
          d,
          inside.map((has, c) => has && c !== at),
        ),
      });
    } else {
      visit(tree.left[node], { ...box, high: box.high.with(d, at) });
      visit(tree.right[node], { ...box, low: box.low.with(d, at) });
    }
  };
  visit(0, {
    low: choiceCounts.map(() => 0),
    high: choiceCounts.map(() => 1),
    choices: choiceCounts.map((count) => (count > 0 ? new Array<boolean>(count).fill(true) : undefined)),
  });
  return boxes;
}

/** Length of a box in a dimension, or its share of the choices. */
export function sizeIn(box: Pick<Box, 'low' | 'high' | 'choices'>, d: number): number {
  const inside = box.choices[d];
  if (!inside) return box.high[d] - box.low[d];
  return inside.filter(Boolean).length / inside.length;
}

export const meanOf = (boxes: readonly Box[]): number =>
  boxes.reduce((sum, { volume, value }) => sum + volume * value, 0);

export function varianceOf(boxes: readonly Box[]): number {
  const mean = meanOf(boxes);
  return boxes.reduce((sum, { volume, value }) => sum + volume * (value - mean) ** 2, 0);
}

/** V_d: variance of the marginal of one dimension. */
export function marginalVariance(boxes: readonly Box[], d: number): number {
  const mean = meanOf(boxes);
  const choices = boxes[0].choices[d]?.length ?? 0;
  if (choices > 0) {
    let variance = 0;
    for (let c = 0; c < choices; c++) {
      let marginal = 0;
      for (const box of boxes) if (box.choices[d]![c]) marginal += (box.volume / sizeIn(box, d)) * box.value;
      variance += (marginal - mean) ** 2 / choices;
    }
    return variance;
  }
  // The marginal is a step function: it jumps where boxes begin and end.
  const jumps = new Map<number, number>();
  const jump = (x: number, by: number) => jumps.set(x, (jumps.get(x) ?? 0) + by);
  for (const box of boxes) {
    const height = (box.volume / sizeIn(box, d)) * box.value;
    jump(box.low[d], height);
    jump(box.high[d], -height);
  }
  const places = [...jumps.keys()].sort((a, b) => a - b);
  let marginal = 0;
  let variance = 0;
  for (let k = 0; k + 1 < places.length; k++) {
    marginal += jumps.get(places[k])!;
    variance += (places[k + 1] - places[k]) * (marginal - mean) ** 2;
  }
  return variance;
}
