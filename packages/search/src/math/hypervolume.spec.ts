import { describe, expect, it } from '@jest/globals';
import { frozenNumerics } from '../testing/frozen-numerics.ts';
import { hypervolume, pickByHypervolume, referencePoint } from './hypervolume.ts';
import { crowdingDistances, nondominationRanks, paretoFront } from './nondomination.ts';

describe('hypervolume', () => {
  frozenNumerics.hypervolume.forEach(({ points, reference, value }) => {
    it(`is what inclusion and exclusion give in ${reference.length} dimensions`, () => {
      expect(hypervolume(points, reference)).toBeCloseTo(value, 12);
    });
  });

  it('counts nothing beyond the reference, and equal points once', () => {
    expect(hypervolume([[2, 0]], [1, 1])).toBe(0);
    expect(
      hypervolume(
        [
          [0.5, 0.5],
          [0.5, 0.5],
        ],
        [1, 1],
      ),
    ).toBe(0.25);
    expect(hypervolume([], [1, 1])).toBe(0);
  });

  it('is picked greedily: the largest box first, then what adds most', () => {
    const points = [
      [0.9, 0.1],
      [0.4, 0.4],
      [0.1, 0.9],
      [0.45, 0.45],
    ];
    expect(pickByHypervolume(points, 1)).toEqual([1]);
    expect(new Set(pickByHypervolume(points, 3))).toEqual(new Set([0, 1, 2]));
    expect(pickByHypervolume(points, 9)).toHaveLength(4);
  });

  it('picks among infinite values too', () => {
    expect(
      pickByHypervolume(
        [
          [0, Infinity],
          [1, 1],
          [Infinity, 0],
        ],
        2,
      ),
    ).toHaveLength(2);
  });

  it('takes its reference a little beyond the worst', () => {
    expect(
      referencePoint([
        [1, -1],
        [2, -3],
      ]),
    ).toEqual([2.2, -0.9]);
    expect(referencePoint([[0, 0]])).toEqual([1e-12, 1e-12]);
  });
});

describe('nondomination', () => {
  const bruteRanks = (points: number[][]): number[] => {
    const ranks = points.map(() => -1);
    const dominates = (a: number[], b: number[]): boolean =>
      a.every((value, m) => value <= b[m]!) && a.some((value, m) => value < b[m]!);
    for (let rank = 0; ranks.includes(-1); rank++) {
      const open = points.map((_, i) => i).filter((i) => ranks[i] === -1);
      for (const i of open.filter((i) => !open.some((j) => dominates(points[j]!, points[i]!))))
        ranks[i] = rank;
    }
    return ranks;
  };

  it.each([2, 3])('ranks as peeling front after front does, with ties, in %i objectives', (objectives) => {
    // A small integer lattice has many equal values and equal points.
    const points = Array.from({ length: 60 }, (_, i) =>
      Array.from({ length: objectives }, (_, m) => ((i + 3) * (7 + 4 * m) * (i + m)) % 9),
    );
    expect([...nondominationRanks(points)]).toEqual(bruteRanks(points));
    expect(paretoFront(points)).toEqual(points.flatMap((_, i) => (bruteRanks(points)[i] === 0 ? [i] : [])));
  });

  it('gives the ends of a front infinite distance and the others that of their neighbours', () => {
    const distances = crowdingDistances([
      [0, 4],
      [1, 2],
      [4, 0],
    ]);
    expect([...distances]).toEqual([Infinity, 2, Infinity]);
    expect(
      [
        ...crowdingDistances([
          [1, 1],
          [1, 1],
          [1, 1],
        ]),
      ].filter(Number.isNaN),
    ).toEqual([]);
  });
});
