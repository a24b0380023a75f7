import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { curveOf, digits, digitsSpace } from '@onegin/simulation';
import { expectWhole } from './testing/expect-whole.ts';
import { TestBed } from './testing/test-bed.ts';

let bed: TestBed;
beforeEach(async () => {
  bed = await TestBed.start();
});
afterEach(() => bed.close());

const TRIALS = 60;

test.each([1, 16])(
  'ASHA with %d trainers finds what a full search finds, in at most 40%% of its epochs',
  async (trainers) => {
    await bed.orchestrator();
    for (let i = 0; i < trainers; i++) await bed.trainer();
    const request = {
      trials: TRIALS,
      epochs: digits.epochs,
      pruner: 'asha' as const,
      mode: 'simple' as const,
    };
    const state = await bed.ended(await bed.request({ ...request, seed: 2 }, { space: digitsSpace }));
    expect(state.status).toBe('completed');
    const events = await bed.events(state.jobId);
    expectWhole(state, events);

    const epochs = events.filter(({ type }) => type === 'EpochEnded').length;
    expect(epochs).toBeLessThanOrEqual(0.4 * TRIALS * digits.epochs);
    // Numbers alone decide what is asked at random: a full search would have trained the same networks.
    const full = state.trials.map((trial) => curveOf(trial).at(-1)!).sort((a, b) => b - a);
    // Which trials are compared when depends on who is quick: one in a hundred validation images may differ.
    expect(state.trials[state.best!]!.result!.accuracy).toBeGreaterThanOrEqual(full[0]! - 0.01);

    const resumed = state.trials.filter(({ run }) => run > 1);
    expect(resumed.length).toBeGreaterThan(0);
    const moved = resumed.filter(({ number }) => {
      const by = events.flatMap((event) =>
        event.type === 'TrainingStarted' && event.target === number ? [event.trainer] : [],
      );
      return new Set(by).size > 1;
    });
    if (trainers > 1) expect(moved.length).toBeGreaterThan(0);
  },
);
