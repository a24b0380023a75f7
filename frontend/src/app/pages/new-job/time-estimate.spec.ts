import { describe, expect, it } from '@jest/globals';
import { optimizationRequestSchema, type TrainerHeartbeat } from '@onegin/contracts';
import { estimateTime, inWords } from './time-estimate.ts';

const sizes = { train: 1000, validation: 100, test: 100 };
const asked = (more: object = {}) =>
  optimizationRequestSchema.parse({ dataset: 'digits', trials: 10, epochs: 2, ...more });
const trainer = (more: Partial<TrainerHeartbeat> = {}): TrainerHeartbeat => ({
  id: 'a',
  host: 'h',
  pid: 1,
  resource: 'cpu',
  engine: 'native',
  device: 'CPU',
  slots: 1,
  status: 'ready',
  current: [],
  stepsPerSecond: null,
  samplesPerSecond: 100,
  completed: 0,
  failed: 0,
  failedInARow: 0,
  startedAt: 0,
  at: 0,
  simulated: false,
  ...more,
});

describe('the estimate of a job’s time (4.1)', () => {
  it('shares the trials among the trainers that may take them', () => {
    // 2 epochs of 1000 samples at 100 a second are 20 s; ten trials and the final model.
    expect(estimateTime(asked(), { sizes }, [trainer()])).toMatchObject({ known: true, seconds: 220 });
    const five = [0, 1, 2, 3, 4].map((n) => trainer({ id: String(n) }));
    expect(estimateTime(asked(), { sizes }, five)).toMatchObject({ seconds: 60, trainers: 5 });
    expect(estimateTime(asked({ parallelism: 2 }), { sizes }, five)).toMatchObject({ seconds: 120 });
    expect(estimateTime(asked({ pruner: 'asha' }), { sizes }, five)).toMatchObject({ isUpperBound: true });
  });

  it('says why it cannot tell', () => {
    const reason = (trainers: TrainerHeartbeat[], more?: object) => {
      const found = estimateTime(asked(more), { sizes }, trainers);
      return found.known ? '' : found.reason;
    };
    expect(reason([])).toContain('No trainer');
    expect(reason([trainer()], { useGpu: true })).toContain('No GPU trainer');
    expect(reason([trainer({ status: 'withdrawn' })])).toContain('No trainer');
    expect(reason([trainer({ samplesPerSecond: null })])).toContain('first epoch');
  });

  it('is in words', () => {
    expect([3, 44, 600, 9000].map(inWords)).toEqual([
      'about 10 s',
      'about 40 s',
      'about 10 min',
      'about 3 h',
    ]);
  });
});
