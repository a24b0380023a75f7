import { describe, expect, it } from '@jest/globals';
import { handStudy } from '../testing/hand-study.ts';
import { parallelCoordinatesData } from './parallel-coordinates.ts';
import { trialsInAreas, type ParallelAreas } from './parallel-areas.ts';

const state = handStudy([
  { params: { lr: 1e-4, units: 16, optimizer: 'adam' }, accuracy: 0.5 },
  { params: { lr: 1e-2, units: 64, optimizer: 'sgd', momentum: 0.45 }, accuracy: 0.9 },
  { params: { lr: 1e-1, units: 32, optimizer: 'adam' }, accuracy: 0.7 },
  { params: { lr: 1e-2, units: 64, optimizer: 'sgd', momentum: 0.9 }, status: 'running' },
]);
const inside = (areas: Record<string, [number, number][]>) => [
  ...trialsInAreas(state, new Map(Object.entries(areas)) as ParallelAreas),
];

describe('4.6: trials in brushed areas', () => {
  it('lie in an area of every brushed axis, at the places that are drawn', () => {
    expect(inside({ lr: [[0.6, 1]] })).toEqual([1, 2]);
    expect(inside({ lr: [[0.6, 1]], units: [[0.9, 1.1]] })).toEqual([1]);
    expect(
      inside({
        lr: [
          [1, 0.9],
          [0, 0.1],
        ],
      }),
    ).toEqual([0, 2]);
    const { axes, lines } = parallelCoordinatesData(state);
    const accuracy = axes.findIndex(({ name }) => name === 'accuracy');
    const drawn = lines.filter(({ positions }) => positions[accuracy]! >= 0.5).map(({ number }) => number);
    expect(inside({ accuracy: [[0.5, 1]] })).toEqual(drawn.sort());
  });

  it('can be those that did not use a parameter', () => {
    expect(inside({ momentum: [[-0.2, -0.1]] })).toEqual([0, 2]);
  });

  it('are all where nothing is brushed, or an axis that is not there', () => {
    expect(inside({})).toEqual([0, 1, 2]);
    expect(inside({ lr: [], gone: [[0, 1]] })).toEqual([0, 1, 2]);
  });

  it('are all of ten thousand, however few are drawn', () => {
    const many = handStudy(Array.from({ length: 3000 }, (_, i) => ({ accuracy: i / 3000 })));
    expect(parallelCoordinatesData(many, { mostLines: 100 }).lines.length).toBeLessThan(200);
    expect(trialsInAreas(many, new Map([['accuracy', [[0, 0.5] as const]]])).size).toBe(1500);
  });
});
