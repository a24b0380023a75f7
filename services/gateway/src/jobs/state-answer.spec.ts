import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import {
  reduceStudy,
  unpackState,
  type NewStudyEvent,
  type PackedState,
  type StudyEventType,
  type StudyState,
} from '@onegin/contracts';
import { eventAt } from '@onegin/service-kit/testing';
import { viewersState } from '../live/viewers-state.ts';
import { stateAnswer } from './state-answer.ts';

function study(): { state: StudyState; tell: (type: StudyEventType, number: number) => void } {
  const subject = (number: number) => ({ jobId: 'a-whole-study', target: number, attempt: 1, epoch: 1 });
  const first = { ...eventAt('JobRequested', subject(0)), seq: 1, at: 1 } as const;
  const state = reduceStudy(null, first);
  const tell = (type: StudyEventType, number: number) => {
    const event: NewStudyEvent = eventAt(type, subject(number));
    reduceStudy(state, { ...event, seq: state.seq + 1, at: state.seq + 1 });
  };
  tell('JobStarted', 0);
  return { state, tell };
}

const read = async (state: StudyState, gzip: boolean): Promise<PackedState> => {
  const answer = stateAnswer(state);
  const text = gzip ? gunzipSync(await answer.gzip()) : await answer.json();
  return JSON.parse(text.toString()) as PackedState;
};

describe('a whole study as an answer', () => {
  const { state, tell } = study();
  const trials = (from: number, to: number) => {
    for (let number = from; number < to; number++) {
      for (const type of ['TrainingQueued', 'TrainingStarted', 'EpochEnded'] as const) tell(type, number);
      tell(
        number % 3 === 0 ? 'TrainingPruned' : number % 7 === 0 ? 'TrainingFailed' : 'TrainingCompleted',
        number,
      );
    }
  };

  it.each([true, false])('of no trials; gzip: %s', async (gzip) => {
    expect(await unpackState(await read(state, gzip))).toEqual(viewersState(state));
  });

  it.each([
    [1300, true, 2],
    [2100, false, 4],
    [2101, true, 4],
  ])('of %i trials; gzip: %s', async (count, gzip, blocks) => {
    trials(state.trials.length, count);
    tell('TrainingQueued', state.trials.length);
    tell('TrainingCancelled', state.trials.length - 1);
    const answer = await read(state, gzip);
    expect(answer.blocks).toHaveLength(blocks);
    expect(await unpackState(answer)).toEqual(viewersState(state));
  });

  it('of the state when it was asked for, also to many at once', async () => {
    trials(state.trials.length, 4000);
    const { seq } = state;
    const asked = Promise.all([1, 2, 3].map(() => read(state, true)));
    const answers = await asked;
    for (const answer of answers) expect((await unpackState(answer)).seq).toBe(seq);
    expect(answers[0]?.blocks).toHaveLength(8);
    expect(answers[2]).toEqual(answers[0]);
  });
});
