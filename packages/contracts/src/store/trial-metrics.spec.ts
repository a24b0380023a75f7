import { describe, expect, it } from '@jest/globals';
import { architectureExamples, architectureSchema } from '../view/architecture.ts';
import {
  healthReportExamples,
  healthReportSchema,
  healthWeightsSchema,
  type HealthReport,
} from '../health-report.ts';
import { defaultHealthWeights, HEALTH_METRICS, healthObjective, healthScore } from '../health.ts';
import {
  epochMetricsExamples,
  epochMetricsSchema,
  trialMetricsExamples,
  trialMetricsSchema,
} from './trial-metrics.ts';

describe('examples', () => {
  it('are what the schemas accept', () => {
    for (const example of epochMetricsExamples) expect(epochMetricsSchema.parse(example)).toEqual(example);
    for (const example of trialMetricsExamples) expect(trialMetricsSchema.parse(example)).toEqual(example);
    for (const example of healthReportExamples) expect(healthReportSchema.parse(example)).toEqual(example);
    for (const example of architectureExamples) expect(architectureSchema.parse(example)).toEqual(example);
  });

  it('have the score that their metrics give', () => {
    for (const example of healthReportExamples) expect(example.score).toBeCloseTo(healthScore(example)!, 4);
  });
});

describe('health weights', () => {
  const all = (value: number | null) =>
    Object.fromEntries(
      HEALTH_METRICS.map((metric) => [
        metric,
        value === null ? { known: false, value, reason: 'none' } : { known: true, value },
      ]),
    ) as unknown as HealthReport;

  it('sum to 1', () => {
    expect(healthWeightsSchema.parse(defaultHealthWeights)).toEqual(defaultHealthWeights);
    expect(Object.values(defaultHealthWeights.metrics).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  });

  it('share what an unknown metric leaves', () => {
    expect(
      healthScore({ ...all(0.4), gradientHealth: { known: false, value: null, reason: 'none' } }),
    ).toBeCloseTo(0.4);
    expect(healthScore({ ...all(null), gradientHealth: { known: true, value: 0.7 } })).toBeCloseTo(0.7);
  });

  it('leave accuracy alone when nothing is known', () => {
    expect(healthScore(all(null))).toBeNull();
    expect(healthObjective(0.9, all(null))).toBe(0.9);
    const h = defaultHealthWeights.health;
    expect(healthObjective(0.9, all(0.5))).toBeCloseTo((1 - h) * 0.9 + h * 0.5);
  });
});
