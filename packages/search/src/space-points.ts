/**
 * The points of a discrete space, counted and numbered without listing them.
 *
 * Conditions make a forest of the parameters: count(p) = Σ over values v of Π over children active at v of
 * count(child), and the space has Π over roots. Point k is found by dividing k down the same tree.
 */
import { fromUnit, gridCell, gridValue, type Dimension, type EncodedSpace } from './space-encoding.ts';

export interface SpacePoints {
  /** How many distinct points there are; counts past 2⁵³ are not exact, Infinity where continuous. */
  readonly count: number;
  /** The row of point 0 … count − 1. */
  at(index: number): Float64Array;
}

/** The values that a dimension is taken to have, numbered 0 … count − 1. */
interface Levels {
  readonly count: number;
  value(level: number): number;
  /** −1 if no level has the value. */
  levelOf(value: number): number;
}

interface Node {
  readonly index: number;
  readonly levels: Levels;
  /** Levels at which children are active, rising, with these children and the points below them. */
  readonly branches: readonly { level: number; children: readonly Node[]; points: number }[];
  readonly points: number;
}

/** @param continuousLevels how many evenly spaced values stand for a continuous range; 0 for none */
export function spacePoints(encoded: EncodedSpace, continuousLevels = 0): SpacePoints {
  const nodes: Node[] = [];
  for (let index = encoded.dimensions.length - 1; index >= 0; index--)
    nodes[index] = buildNode(encoded.dimensions, index, nodes, continuousLevels);
  const roots = nodes.filter(({ index }) => encoded.dimensions[index]!.parent < 0);
  return {
    count: product(roots),
    at: (index) => {
      const row = new Float64Array(encoded.dimensions.length).fill(NaN);
      fillAll(roots, index, row);
      return row;
    },
  };
}

const product = (nodes: readonly Node[]): number => nodes.reduce((count, { points }) => count * points, 1);

function buildNode(
  dimensions: readonly Dimension[],
  index: number,
  nodes: readonly Node[],
  count: number,
): Node {
  const levels = levelsOf(dimensions[index]!, count);
  const children = dimensions.flatMap(({ parent }, child) => (parent === index ? [child] : []));
  const branching = new Map<number, Node[]>();
  for (const child of children)
    for (const value of dimensions[child]!.parentValues) {
      const level = levels.levelOf(value);
      if (level < 0) continue;
      branching.set(level, [...(branching.get(level) ?? []), nodes[child]!]);
    }
  const branches = [...branching]
    .sort(([a], [b]) => a - b)
    .map(([level, active]) => ({ level, children: active, points: product(active) }));
  const plain = levels.count - branches.length;
  return { index, levels, branches, points: branches.reduce((sum, { points }) => sum + points, plain) };
}

function levelsOf(dimension: Dimension, continuousLevels: number): Levels {
  if (dimension.cells === 1)
    return { count: 1, value: () => dimension.low, levelOf: (value) => (value === dimension.low ? 0 : -1) };
  if (Number.isFinite(dimension.cells))
    return {
      count: dimension.cells,
      value: (level) => (dimension.categorical ? level : gridValue(dimension, level)),
      levelOf: (value) => (dimension.categorical ? value : gridCell(dimension, value)),
    };
  if (continuousLevels === 0) return { count: Infinity, value: () => NaN, levelOf: () => -1 };
  const value = (level: number): number =>
    fromUnit(dimension, continuousLevels === 1 ? 0.5 : level / (continuousLevels - 1));
  const values = Array.from({ length: continuousLevels }, (_, level) => value(level));
  return { count: continuousLevels, value, levelOf: (wanted) => values.indexOf(wanted) };
}

function fillAll(nodes: readonly Node[], index: number, row: Float64Array): void {
  let left = index;
  for (const node of nodes) {
    fill(node, left % node.points, row);
    left = Math.floor(left / node.points);
  }
}

function fill({ index, levels, branches }: Node, point: number, row: Float64Array): void {
  let left = point;
  let next = 0;
  for (const { level, children, points } of branches) {
    if (left < level - next) break;
    left -= level - next;
    if (left < points) {
      row[index] = levels.value(level);
      fillAll(children, left, row);
      return;
    }
    left -= points;
    next = level + 1;
  }
  row[index] = levels.value(next + left);
}
