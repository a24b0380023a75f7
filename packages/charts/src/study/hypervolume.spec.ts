import { describe, expect, it } from '@jest/globals';
import { healthReportExamples, healthScore, type HealthReport } from '@onegin/contracts';
import { handStudy } from '../testing/hand-study.ts';
import { seriesOf, valuesOf } from '../testing/read-option.ts';
import { sampleStudy } from '../testing/sample-study.ts';
import { testView } from '../testing/test-view.ts';
import { hypervolumeData, hypervolumeOption } from './hypervolume.ts';

const health = healthScore(healthReportExamples[0] as HealthReport)!;

describe('hypervolume', () => {
  it('is the box of a single trial, then the union', () => {
    const data = hypervolumeData(
      handStudy([
        { accuracy: 0.5, parameterCount: 10 },
        { accuracy: 0.8, parameterCount: 1000 },
      ]),
    );
    // Sizes 0 and 1 between smallest and largest; the box of each is accuracy · health · (1.1 − size).
    const first = 0.5 * health * 1.1;
    const union = first + 0.3 * health * 0.1;
    expect(data.steps[0]).toEqual([0, expect.closeTo(first, 12)]);
    expect(data.steps[1]).toEqual([1, expect.closeTo(union, 12)]);
    expect(data.summary).toContain('would reach 1.1');
  });

  it('has no step where nothing was gained, and never falls', () => {
    const flat = hypervolumeData(handStudy([{ accuracy: 0.8 }, { accuracy: 0.5 }, { accuracy: 0.8 }]));
    expect(flat.steps.map(([number]) => number)).toEqual([0]);
    const { steps } = hypervolumeData(sampleStudy({ trials: 300, mode: 'pareto', epochs: 1 }));
    steps.slice(1).forEach(([, volume], i) => expect(volume).toBeGreaterThanOrEqual(steps[i]![1]));
  });

  it('goes on level to the last trial', () => {
    const option = hypervolumeOption(
      hypervolumeData(handStudy([{ accuracy: 0.8 }, { accuracy: 0.5 }, { status: 'failed' }])),
      testView,
    );
    expect(valuesOf(seriesOf(option)[0]!).map(([x]) => x)).toEqual([0, 2]);
  });

  it('computes a bounded number of volumes at ten thousand trials', () => {
    const { steps } = hypervolumeData(sampleStudy({ trials: 10_000, epochs: 1, mode: 'pareto' }));
    expect(steps.length).toBeLessThanOrEqual(101);
  });

  it('states what would be here', () => {
    expect(hypervolumeData(handStudy([])).empty).toBe('Points appear here as trials complete.');
  });
});
