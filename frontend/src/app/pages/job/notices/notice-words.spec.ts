import { describe, expect, it } from '@jest/globals';
import { reduceStudy, type NewStudyEvent, type StudyState, type TrainerHeartbeat } from '@onegin/contracts';
import { exampleConfig, logOf, queuedTrial, startedTrial } from '@onegin/contracts/testing';
import { noticesOf } from './notice-words.ts';

function study(events: readonly NewStudyEvent[], request = {}): StudyState {
  const config = exampleConfig(request);
  const log = logOf([{ type: 'JobRequested', config }, { type: 'JobStarted' }, ...events]);
  const state = log.reduce<StudyState | null>((before, event) => reduceStudy(before, event), null);
  if (!state) throw new Error('expected a study');
  return state;
}

const beat = (more: Partial<TrainerHeartbeat> = {}): TrainerHeartbeat => ({
  id: 'trainer-a',
  host: 'desk',
  pid: 1,
  resource: 'cpu',
  engine: 'native',
  device: 'CPU',
  slots: 1,
  status: 'ready',
  current: [],
  stepsPerSecond: null,
  samplesPerSecond: null,
  completed: 0,
  failed: 0,
  failedInARow: 0,
  startedAt: 0,
  at: 1,
  simulated: false,
  ...more,
});
const working = (more: Partial<TrainerHeartbeat> = {}) =>
  beat({ current: [{ jobId: exampleConfig().jobId, target: 0, epoch: 1, epochs: 2 }], ...more });

const lose = (number: number): NewStudyEvent[] => [
  { type: 'TrainingInterrupted', target: number, attempt: 1, reason: 'its trainer fell silent' },
];

describe('4.2: what a study says of itself in plain words', () => {
  it('4.2: is nothing while all goes well, or nothing is known', () => {
    const state = study([queuedTrial(0), startedTrial(0)]);
    expect(noticesOf(state, [working()])).toEqual([]);
    expect(noticesOf(state, null)).toEqual([]);
  });

  it('4.2: says that trials wait for a trainer, with what to do, by what was asked for', () => {
    const [cpu] = noticesOf(study([queuedTrial(0)]), []);
    expect(cpu).toMatchObject({ urgency: 'act', what: 'No trainer is there.' });
    expect(cpu?.advice).toContain('onegin up');
    const gpu = noticesOf(study([queuedTrial(0)], { useGpu: true }), [beat()]);
    expect(gpu[0]?.what).toContain('GPU');
    expect(gpu[0]?.advice).toContain('clone the job');
  });

  it('2.6, 4.2: says that this machine trains because no trainer is there (fallback)', () => {
    const state = study([queuedTrial(0), startedTrial(0)]);
    const [notice] = noticesOf(state, [working({ fallback: true })]);
    expect(notice).toMatchObject({ key: 'fallback', urgency: 'wait' });
    // Of another job it is no concern of this one.
    expect(noticesOf(state, [beat({ fallback: true })])).toEqual([]);
  });

  it('4.2: says what trainers wait for (waitingFor), and that they withdrew', () => {
    const state = study([queuedTrial(0), startedTrial(0)]);
    const [waiting] = noticesOf(state, [
      working({ waitingFor: 'storage' }),
      working({ id: 'b', waitingFor: 'storage' }),
    ]);
    expect(waiting?.what).toBe('trainer-a and b wait for the artifact store.');
    expect(waiting?.advice).toContain('is kept');
    expect(noticesOf(state, [beat({ status: 'withdrawn' })])[0]?.key).toBe('withdrawn');
    expect(noticesOf(state, [beat({ status: 'withdrawn' }), beat()])).toEqual([]);
  });

  it('4.2: says which trials lost their trainer, and more where they do again and again (lost)', () => {
    const once = study([queuedTrial(0), startedTrial(0), ...lose(0)]);
    const [notice] = noticesOf(once, [beat()]);
    expect(notice?.what).toBe('The trainer of trial 0 was lost.');
    expect(notice?.advice).toContain('last checkpoint');
    const trial = once.trials[0];
    if (!trial) throw new Error('expected a trial');
    trial.lost = 2;
    expect(noticesOf(once, [beat()])[0]?.advice).toContain('memory');
  });

  it('4.2: tells each kind of warning once, the newest first, with the words of the log', () => {
    const warn = (code: string, message: string, number?: number): NewStudyEvent => ({
      type: 'Warning',
      code,
      message,
      ...(number !== undefined && { number }),
    });
    const state = study([
      warn('sampler-failed', 'singular matrix', 3),
      warn('storage-full', 'no space left'),
      warn('sampler-failed', 'singular again', 4),
      warn('brand-new', 'nobody knows this yet'),
    ]);
    const notices = noticesOf(state, null);
    expect(notices.map(({ key }) => key)).toEqual([
      'warning brand-new',
      'warning sampler-failed',
      'warning storage-full',
    ]);
    expect(notices[0]?.said).toBe('nobody knows this yet');
    expect(notices[1]).toMatchObject({ urgency: 'past', said: 'trial 4: singular again' });
    expect(notices[1]?.what).toContain('2 times');
    expect(notices[2]?.advice).toContain('Make room');
  });

  it('4.2: concerns only the past once the study has ended', () => {
    const state = study([queuedTrial(0), startedTrial(0), ...lose(0), { type: 'CancelRequested' }]);
    state.status = 'cancelled';
    expect(noticesOf(state, [])).toEqual([]);
  });
});
