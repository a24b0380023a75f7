import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stratifiedSplit } from './split.ts';

const labelsArbitrary = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 200 });

describe('stratifiedSplit', () => {
  test('puts every sample into exactly one part, in ascending order', () => {
    fc.assert(
      fc.property(labelsArbitrary, fc.double({ min: 0.05, max: 0.5, noNaN: true }), (labels, fraction) => {
        const { first, second } = stratifiedSplit(Int32Array.from(labels), fraction, 1);
        expect([...first]).toEqual([...first].sort((a, b) => a - b));
        expect([...first, ...second].sort((a, b) => a - b)).toEqual([...labels.keys()]);
      }),
    );
  });

  test('gives each class its rounded share, and a rare class a sample on both sides', () => {
    const labels = Int32Array.from([...Array(100).fill(0), ...Array(41).fill(1), 2, 2, 3]);
    const { second } = stratifiedSplit(labels, 0.1, 5);
    const shares = [0, 1, 2, 3].map((label) => second.filter((i) => labels[i] === label).length);
    expect(shares).toEqual([10, 4, 1, 0]);
  });

  test('equal seeds give equal parts, other seeds other parts', () => {
    const labels = Int32Array.from({ length: 500 }, (_, i) => i % 3);
    const split = (seed: number): number[] => [...stratifiedSplit(labels, 0.2, seed).second];
    expect(split(3)).toEqual(split(3));
    expect(split(3)).not.toEqual(split(4));
  });

  test('never tears a group apart', () => {
    fc.assert(
      fc.property(labelsArbitrary, fc.integer({ min: 1, max: 30 }), (labels, groupSize) => {
        const groups = Int32Array.from(labels, (_, i) => Math.floor(i / groupSize));
        const { first, second } = stratifiedSplit(Int32Array.from(labels), 0.3, 9, groups);
        const left = new Set(first.map((i) => groups[i]!));
        expect(second.some((i) => left.has(groups[i]!))).toBe(false);
      }),
    );
  });
});
