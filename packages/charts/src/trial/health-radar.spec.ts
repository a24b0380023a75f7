import { describe, expect, it } from '@jest/globals';
import { rampColor, healthReportExamples, type HealthReport } from '@onegin/contracts';
import { seriesOf, textsOf } from '../testing/read-option.ts';
import { testView } from '../testing/test-view.ts';
import { healthRadarData, healthRadarOption } from './health-radar.ts';

const [example] = healthReportExamples as [HealthReport];
const unknown = (reason: string) => ({ known: false as const, value: null, reason });

describe('health radar', () => {
  it('has one direction per known metric from 0 to 1', () => {
    const option = healthRadarOption(healthRadarData({ health: example }), testView);
    const { indicator } = option.radar as { indicator: { name: string; min: number; max: number }[] };
    expect(indicator.map(({ name }) => name)).toEqual([
      'Neuron utilization\n0.94',
      'Parameter efficiency\n0.71',
      'Training stability\n0.83',
      'Gradient health\n0.97',
      'Convergence quality\n0.88',
    ]);
    expect(indicator.every(({ min, max }) => min === 0 && max === 1)).toBe(true);
    const [shape] = seriesOf(option)[0]!.data as { value: number[]; areaStyle: { color: string } }[];
    expect(shape!.value).toEqual([0.94, 0.71, 0.83, 0.97, 0.88]);
    expect(shape!.areaStyle.color).toBe(rampColor(testView.theme.scale, example.score!));
  });

  it('names an unknown metric with its reason instead of drawing 0', () => {
    const texts = textsOf(healthRadarOption(healthRadarData({ health: example }), testView));
    expect(texts).toContain('Accuracy consistency unknown: the validation part has fewer than 100 samples.');
  });

  it('draws bars where a shape needs more directions', () => {
    const few: HealthReport = {
      ...example,
      gradientHealth: unknown('no gradient'),
      convergenceQuality: unknown('one epoch'),
      trainingStability: unknown('one epoch'),
    };
    const option = healthRadarOption(healthRadarData({ health: few }), testView);
    expect(option.radar).toBeUndefined();
    const [bars] = seriesOf(option);
    expect(bars!.type).toBe('bar');
    expect((bars!.data as { value: number }[]).map(({ value }) => value)).toEqual([0.94, 0.71]);
  });

  it('states that nothing could be measured', () => {
    const none = Object.fromEntries(
      Object.entries(example).map(([key, value]) => [
        key,
        value !== null && typeof value === 'object' ? unknown('no epoch') : value,
      ]),
    );
    const data = healthRadarData({ health: none as HealthReport });
    expect(data.empty).toBe('No health metric could be measured. Neuron utilization unknown: no epoch.');
    expect(seriesOf(healthRadarOption(data, testView))).toEqual([]);
  });
});
