import { describe, expect, it } from '@jest/globals';
import { frozenNumerics } from '../testing/frozen-numerics.ts';
import { SOBOL_DIMENSIONS, SobolSequence } from './sobol.ts';

describe('the Sobol sequence', () => {
  it("is SciPy's when plain", () => {
    const { dimensions, points } = frozenNumerics.sobol;
    const sequence = new SobolSequence(dimensions);
    points.forEach((point, i) => expect([...sequence.point(i)]).toEqual(point));
  });

  it('keeps one point in each of 64 equal parts of every dimension when scrambled', () => {
    const sequence = new SobolSequence(20, 5);
    const seen = Array.from({ length: 20 }, () => new Set<number>());
    for (let i = 0; i < 64; i++) sequence.point(i).forEach((u, d) => seen[d]!.add(Math.floor(u * 64)));
    expect(seen.map((parts) => parts.size)).toEqual(Array.from({ length: 20 }, () => 64));
  });

  it('is another one for another seed and the same for the same', () => {
    const first = [...new SobolSequence(3, 1).point(9)];
    expect([...new SobolSequence(3, 1).point(9)]).toEqual(first);
    expect([...new SobolSequence(3, 2).point(9)]).not.toEqual(first);
  });

  it('goes on past the dimensions of its table', () => {
    const point = new SobolSequence(SOBOL_DIMENSIONS + 3, 1).point(77);
    expect(point.every((u) => u >= 0 && u < 1)).toBe(true);
    expect(new Set(point).size).toBe(point.length);
  });
});
