import { afterAll, describe, expect, test } from '@jest/globals';
import { reduceStudy, type NewStudyEvent, type StudyConfig, type StudyState } from '@onegin/contracts';
import { exampleConfig, exampleResult } from '@onegin/service-kit/testing';
import { createAsk } from '@onegin/study';
import { Proposals } from './proposals.ts';
import { SamplerPool } from './sampler-pool.ts';

const samplers = new SamplerPool();
afterAll(() => samplers.close());

/** A study that has begun, and how to go on with it. */
function begin(config: StudyConfig): { state: StudyState; add(events: readonly NewStudyEvent[]): void } {
  let state: StudyState | null = null;
  const add = (events: readonly NewStudyEvent[]): void => {
    for (const event of events) state = reduceStudy(state, { ...event, seq: (state?.seq ?? 0) + 1, at: 1 });
  };
  add([{ type: 'JobRequested', config }, { type: 'JobStarted' }]);
  return { state: state!, add };
}

const completed = (number: number): NewStudyEvent[] => [
  { type: 'TrainingStarted', target: number, trainer: 'a', attempt: 1, engine: 'test', device: 'test' },
  {
    type: 'TrainingCompleted',
    target: number,
    attempt: 1,
    result: exampleResult(0.5 + ((number * 7) % 10) / 25),
    artifacts: [],
  },
];

const numbersOf = (events: readonly NewStudyEvent[]): number[] =>
  events.flatMap((event) =>
    event.type === 'TrainingQueued' && event.target !== 'final' ? [event.target] : [],
  );

describe('a sampler in a thread', () => {
  test('proposes what asking at once would propose, over a whole study', async () => {
    const config = exampleConfig('job-asked', { sampler: 'tpe', trials: 30, pruner: 'asha' });
    const { state, add } = begin(config);
    const here = createAsk(config);
    const there = samplers.open(config);
    while (state.trials.length < 20) {
      const wanted = [state.trials.length];
      const events = await there.next(state, wanted);
      expect(events).toEqual(here(state, wanted));
      add(events);
      // Every third is still under way when the next is asked for.
      if (state.trials.length % 3 !== 0) add(completed(state.trials.length - 1));
    }
    there.end();
  });

  test('goes on after its thread has ended, and after a proposal that was not accepted', async () => {
    const config = exampleConfig('job-again', { sampler: 'tpe', trials: 30 });
    const { state, add } = begin(config);
    const session = samplers.open(config);
    const first = await session.next(state, [0]);
    // Another replica was first, with other parameters.
    const other = first.map((event) =>
      event.type === 'TrainingQueued' ? { ...event, params: { learningRate: 0.5 } } : event,
    );
    add([...other, ...completed(0)]);
    const ask = createAsk(config);
    expect(await session.next(state, [1])).toEqual(ask(state, [1]));
    const interrupted = session.next(state, [1]);
    samplers.close();
    await expect(interrupted).rejects.toThrow(/ending/);
    expect(await session.next(state, [1])).toEqual(ask(state, [1]));
    session.end();
  });
});

describe('proposals', () => {
  const config = exampleConfig('job-slow', { sampler: 'auto', trials: 30 });

  const sourcesOf = (events: readonly NewStudyEvent[]) =>
    events.flatMap((event) => (event.type === 'TrainingQueued' ? [event.source] : []));

  test('go out in slices, and what would take too long is proposed quickly, and first', () => {
    let now = 0;
    const slow = new Proposals(config, () => (now += 60));
    slow.update([], 0);
    const numbers = Array.from({ length: 20 }, (_, number) => number);
    const first = slow.next(numbers);
    expect([numbersOf(first), sourcesOf(first)]).toEqual([[0], ['auto']]);
    for (const number of numbers.slice(1, 12)) {
      const excess = slow.next(numbers.slice(number));
      expect([numbersOf(excess), sourcesOf(excess)]).toEqual([[number], ['tpe']]);
    }
    const rest = slow.next(numbers.slice(12));
    expect([numbersOf(rest), sourcesOf(rest)]).toEqual([[12], ['auto']]);
  });

  test('are all of full quality where there is time', () => {
    const patient = new Proposals(config, () => 0);
    patient.update([], 0);
    expect(sourcesOf(patient.next([0, 1, 2]))).toEqual(Array(3).fill('auto'));
  });
});
