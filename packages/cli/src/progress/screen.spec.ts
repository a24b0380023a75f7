import { describe, expect, it } from '@jest/globals';
import { acceptRequest, reduceStudy, type BatchProgress, type StudyEvent } from '@onegin/contracts';
import { eventAt } from '@onegin/service-kit/testing';
import { screen, type ScreenInput } from './screen.ts';
import { bar, duration, table } from './text.ts';

const config = acceptRequest(
  { dataset: 'digits', trials: 4, epochs: 3 },
  [{ name: 'digits', kind: 'image' }],
  {
    jobId: 'job-shown',
  },
);

/** A study in which trial 0 is completed, trial 1 in its second epoch. */
function studyState() {
  const at = (target: number, epoch = 1) => ({ jobId: config.jobId, target, attempt: 1, epoch });
  const events = [
    { type: 'JobRequested', config },
    { type: 'JobStarted' },
    ...[0, 1].flatMap((n) => [
      eventAt('TrainingQueued', at(n)),
      eventAt('TrainingStarted', at(n)),
      eventAt('EpochEnded', at(n)),
    ]),
    eventAt('TrainingCompleted', at(0)),
  ].map((event, i) => ({ ...event, seq: i + 1, at: 1000 }) as StudyEvent);
  return events.slice(1).reduce((state, event) => reduceStudy(state, event), reduceStudy(null, events[0]!));
}

const shown = (more: Partial<ScreenInput> = {}) =>
  screen({ state: studyState(), progress: new Map(), connected: true, now: 91_000, columns: 120, ...more });

const progress = (epoch: number, batch: number): Map<string, BatchProgress> =>
  new Map([['1', { jobId: config.jobId, target: 1, epoch, epochs: 3, batch, batches: 10, loss: 1 }]]);

describe('the screen', () => {
  it('shows the job, what runs, and the best so far', () => {
    const [heading, trials, running, message, ...rest] = shown().split('\n');
    expect(heading).toBe('digits · health · job job-shown · 1 min 30 s');
    expect(trials).toBe(`${bar(0.25, 24)} 1/4 trials · best #0: accuracy 0.900, health 0.800`);
    expect(running).toBe(`  #1     ${bar(1 / 3, 12)} epoch 2/3, accuracy 0.800 · a-trainer`);
    expect([message, rest]).toEqual(['1 of 4 trials done, 1 running', []]);
  });

  it('moves with the batches of the epoch that runs, not with those of one that has ended', () => {
    expect(shown({ progress: progress(2, 5) })).toContain(bar(0.5, 12));
    expect(shown({ progress: progress(1, 5) })).toContain(bar(1 / 3, 12));
  });

  it('says that the connection is lost and the job goes on', () => {
    expect(shown({ connected: false })).toContain('Connection lost, trying again; the job goes on');
  });

  it('fits the width of the terminal', () => {
    for (const line of shown({ columns: 30 }).split('\n')) expect(line.length).toBeLessThanOrEqual(30);
  });
});

describe('text', () => {
  it('has bars of one width, durations in two units, and aligned tables', () => {
    for (const share of [-1, 0, 0.4, 1, 7]) expect(bar(share, 10)).toHaveLength(10);
    expect([bar(0, 4), bar(0.5, 4), bar(1, 4)]).toEqual(['░░░░', '██░░', '████']);
    expect([8000, 60_000, 200_000, 7_500_000].map(duration)).toEqual([
      '8 s',
      '1 min',
      '3 min 20 s',
      '2 h 5 min',
    ]);
    expect(table(['a', 'bee'], [['long', 'x']])).toBe('a     bee\nlong  x');
  });
});
