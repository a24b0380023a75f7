import { expect, it } from '@jest/globals';
import { defaultHealthWeights as weights, HEALTH_METRICS } from '../health.ts';
import { exampleHealth } from '../testing/study-examples.ts';
import { objectiveNames, objectiveValues } from './objective.ts';

const measures = { accuracy: 0.9, health: exampleHealth(0.5), parameterCount: 1000 };
const unknown = {
  ...measures.health,
  ...Object.fromEntries(
    HEALTH_METRICS.map((metric) => [metric, { known: false, value: null, reason: 'none' }]),
  ),
} as typeof measures.health;

it('has one value per objective', () => {
  const { health: h } = weights;
  const total = expect.closeTo((1 - h) * 0.9 + h * 0.5, 12);
  expect(objectiveValues({ mode: 'simple', weights }, measures)).toEqual([0.9]);
  expect(objectiveValues({ mode: 'health', weights }, measures)).toEqual([total]);
  expect(objectiveValues({ mode: 'pareto', weights }, measures)).toEqual([
    0.9,
    expect.closeTo(0.5, 12),
    expect.closeTo(3, 12),
  ]);
  for (const mode of ['simple', 'health', 'pareto'] as const)
    expect(objectiveNames(mode)).toHaveLength(objectiveValues({ mode, weights }, measures).length);
});

it('of a network without parameters or known health is one that can still be compared, or loses', () => {
  expect(
    objectiveValues({ mode: 'pareto', weights }, { ...measures, health: unknown, parameterCount: 0 }),
  ).toEqual([0.9, NaN, 0]);
});

it('only the size is to be small', () => {
  expect(objectiveNames('pareto').map(({ direction }) => direction)).toEqual([
    'maximize',
    'maximize',
    'minimize',
  ]);
});
