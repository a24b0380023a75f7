import { describe, expect, it } from '@jest/globals';
import { reduceStudy, type NewStudyEvent, type StudyEvent, type StudyState } from '@onegin/contracts';
import { eventAt, exampleConfig, exampleResult } from '@onegin/service-kit/testing';
import { viewersState } from './viewers-state.ts';

const file = (kind: string) => ({
  kind,
  key: `k/${kind}`,
  bytes: 1,
  sha256: '0'.repeat(64),
  contentType: 'x/y',
});
const layers = { conv_1: [0.1, 0.01, 0, 0] as [number, number, number, number] };

/** Trial 0 has completed with metrics, trial 1 without, trial 2 runs. */
function study(): StudyState {
  let state: StudyState | null = null;
  let seq = 0;
  const write = (event: NewStudyEvent) => {
    state = reduceStudy(state, { ...event, seq: ++seq, at: seq } as StudyEvent);
  };
  write({ type: 'JobRequested', config: exampleConfig('a-viewed-study') });
  write({ type: 'JobStarted' });
  for (const number of [0, 1, 2]) {
    const subject = { jobId: 'a-viewed-study', target: number, attempt: 1, epoch: 1 };
    write(eventAt('TrainingQueued', subject));
    write(eventAt('TrainingStarted', subject));
    const ended = eventAt('EpochEnded', subject) as Extract<NewStudyEvent, { type: 'EpochEnded' }>;
    write({ ...ended, summary: { ...ended.summary, layers } });
    const artifacts = number === 0 ? [file('metrics'), file('weights')] : [file('weights')];
    if (number < 2)
      write({ type: 'TrainingCompleted', target: number, attempt: 1, result: exampleResult(), artifacts });
  }
  if (!state) throw new Error('expected a study');
  return state;
}

describe('the state for viewers', () => {
  it('leaves out of completed trials what their stored metrics say', () => {
    const state = study();
    const { trials } = viewersState(state);
    expect(trials[0]?.epochs[0]).not.toHaveProperty('layers');
    expect(trials[0]?.epochs[0]?.validationAccuracy).toBe(0.8);
    expect(trials[0]?.artifacts.map(({ kind }) => kind)).toEqual(['metrics']);
    // The study itself keeps all.
    expect(state.trials[0]?.epochs[0]?.layers).toEqual(layers);
    expect(state.trials[0]?.artifacts).toHaveLength(2);
  });

  it('keeps everything of trials that still run, or of which nothing else is stored', () => {
    const { trials } = viewersState(study());
    expect(trials[1]?.epochs[0]?.layers).toEqual(layers);
    expect(trials[2]?.epochs[0]?.layers).toEqual(layers);
  });

  it('is folded on as the study is', () => {
    const state = study();
    const seen = structuredClone(viewersState(state));
    const subject = { jobId: 'a-viewed-study', target: 2, attempt: 1, epoch: 2 };
    const next = { ...eventAt('EpochEnded', subject), seq: state.seq + 1, at: 99 } as StudyEvent;
    expect(reduceStudy(seen, next).trials[2]).toEqual(reduceStudy(state, next).trials[2]);
  });
});
