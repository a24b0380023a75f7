import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { trialMetricsSchema, type StudyEvent, type StudyState, type TrialState } from '@onegin/contracts';
import { listHeartbeats, sendControl } from '@onegin/service-kit';
import { until } from '@onegin/service-kit/testing';
import { TrainerBench } from './testing/trainer-bench.ts';

jest.setTimeout(300_000);

const small = { filters: 4, denseUnits: 8, poolSize: 4, batchSize: 128, learningRate: 0.01 };
const long = { epochs: 40 };

let bench: TrainerBench;
beforeAll(async () => {
  bench = await TrainerBench.open();
});
afterEach(async () => {
  await bench.killTrainers();
  // A trainer that was killed leaves its task active; the next spec counts its own tasks only.
  await bench.redis.blocking.flushall();
});
afterAll(() => bench.close());

const typesOf = (events: readonly StudyEvent[]) => events.map(({ type }) => type);
const epochsOf = (events: readonly StudyEvent[]) =>
  events.flatMap((event) => (event.type === 'EpochEnded' ? [event.summary.epoch] : []));
/** What must not depend on when and where it ran. */
const measured = ({ epochs, result }: TrialState) => ({
  epochs: epochs.map(({ seconds: _s, samplesPerSecond: _p, ...rest }) => rest),
  accuracy: result!.accuracy,
  loss: result!.loss,
});

async function keys(state: StudyState): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of bench.store.list(`optimization_results/${state.config.runName}/`))
    found.push(key);
  return found;
}

describe('a trainer', () => {
  it('trains a trial: an event per epoch, the outcome with its artifacts, no checkpoint left', async () => {
    await bench.trainer();
    const state = await bench.trial(small);
    const events = await bench.until(state.jobId, 'TrainingCompleted');
    expect(typesOf(events).slice(3)).toEqual([
      'TrainingStarted',
      'EpochEnded',
      'EpochEnded',
      'TrainingCompleted',
    ]);
    const trial = (await bench.log.load(state.jobId))!.trials[0]!;
    expect(trial.result!.accuracy).toBeGreaterThan(0.2);
    const metrics = trial.artifacts.find(({ kind }) => kind === 'metrics')!;
    const stored = trialMetricsSchema.parse(JSON.parse((await bench.store.get(metrics)).toString()));
    expect(stored.validationAccuracy).toBe(trial.result!.accuracy);
    await until(async () => (await bench.depth()).active === 0);
    expect((await keys(state)).filter((key) => key.includes('checkpoint'))).toEqual([]);
    expect(await bench.depth()).toEqual({ waiting: 0, delayed: 0, active: 0 });
  });

  it('hands a trial back on SIGTERM; another goes on where it stopped, to the same end', async () => {
    const first = await bench.trainer({ TRAINER_ID: 'first' });
    const state = await bench.trial(small, { epochs: 8 });
    await bench.until(state.jobId, 'EpochEnded');
    const ended = once(first, 'exit');
    first.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    const handed = await bench.until(state.jobId, 'TrainingReleased');
    expect(handed.find((event) => event.type === 'TrainingReleased')).toHaveProperty('checkpoint');
    expect(await bench.depth()).toMatchObject({ waiting: 1, active: 0 });

    await bench.trainer({ TRAINER_ID: 'second' });
    const events = await bench.until(state.jobId, 'TrainingCompleted');
    expect(epochsOf(events)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const interrupted = (await bench.log.load(state.jobId))!.trials[0]!;
    expect(interrupted).toMatchObject({ attempt: 2, trainer: 'second' });

    const undisturbed = await bench.trial(small, { epochs: 8 });
    await bench.until(undisturbed.jobId, 'TrainingCompleted');
    expect(measured(interrupted)).toEqual(measured((await bench.log.load(undisturbed.jobId))!.trials[0]!));
  });

  it('finishes its trial on SIGTERM where it may drain, takes no other, and ends', async () => {
    const trainer = await bench.trainer({ TRAINER_DRAIN: '10m' });
    const state = await bench.trial(small, { epochs: 4 });
    await bench.until(state.jobId, 'EpochEnded');
    const ended = once(trainer, 'exit');
    trainer.kill('SIGTERM');
    const other = await bench.trial(small);
    expect(await ended).toEqual([0, null]);
    const events = await bench.log.read(state.jobId, 0);
    expect(typesOf(events)).toContain('TrainingCompleted');
    expect(typesOf(events)).not.toContain('TrainingReleased');
    expect(typesOf(await bench.log.read(other.jobId, 0))).not.toContain('TrainingStarted');
    expect(await bench.depth()).toMatchObject({ waiting: 1, active: 0 });
  });

  it('releases the trial that it would finish when it is told twice', async () => {
    const trainer = await bench.trainer({ TRAINER_DRAIN: '10m' });
    const state = await bench.trial(small, long);
    await bench.until(state.jobId, 'EpochEnded');
    const ended = once(trainer, 'exit');
    trainer.kill('SIGTERM');
    await until(async () => (await listHeartbeats(bench.redis.blocking))[0]?.status === 'draining');
    trainer.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    await bench.until(state.jobId, 'TrainingReleased');
  });

  it('ends by itself after the tasks it was started for, or when none comes', async () => {
    const one = await bench.trainer({ TRAINER_ENTRIES: '1' });
    const ended = once(one, 'exit');
    const first = await bench.trial(small);
    const second = await bench.trial(small);
    expect(await ended).toEqual([0, null]);
    expect(typesOf(await bench.log.read(first.jobId, 0))).toContain('TrainingCompleted');
    expect(typesOf(await bench.log.read(second.jobId, 0))).not.toContain('TrainingStarted');

    await bench.redis.blocking.flushall();
    const idle = await bench.trainer({ TRAINER_IDLE_END: '200ms' });
    if (idle.exitCode === null) await once(idle, 'exit');
    expect(idle.exitCode).toBe(0);
  });

  it('takes up a trial whose trainer was killed; no epoch counts twice', async () => {
    const first = await bench.trainer({ TRAINER_ID: 'first' });
    const state = await bench.trial(small, { epochs: 6 });
    await bench.until(state.jobId, 'EpochEnded');
    first.kill('SIGKILL');
    await bench.trainer({ TRAINER_ID: 'second' });
    const events = await bench.until(state.jobId, 'TrainingCompleted');
    expect(epochsOf(events)).toEqual([1, 2, 3, 4, 5, 6]);
    expect((await bench.log.load(state.jobId))!.trials[0]).toMatchObject({ attempt: 2, trainer: 'second' });
  });

  it('stops soon when the trial is cancelled, and is free for the next', async () => {
    await bench.trainer();
    const state = await bench.trial(small, long);
    await bench.until(state.jobId, 'EpochEnded');
    await bench.append(state.jobId, { type: 'CancelRequested' });
    await bench.append(state.jobId, { type: 'TrainingCancelled', target: 0 });
    await sendControl(bench.redis.failFast, { jobId: state.jobId, target: 0, action: 'cancel' });
    const next = await bench.trial(small);
    await bench.until(next.jobId, 'TrainingStarted');
    expect(typesOf(await bench.log.read(state.jobId, 0)).at(-1)).toBe('TrainingCancelled');
  });

  it('says why a network cannot be built', async () => {
    await bench.trainer();
    const state = await bench.trial({ convLayers: 8, poolSize: 4 });
    const events = await bench.until(state.jobId, 'TrainingAttemptFailed');
    expect(events.at(-1)).toMatchObject({
      type: 'TrainingAttemptFailed',
      code: 'network-impossible',
      attempt: 1,
    });
  });

  it('bounds a trial that nobody survives', async () => {
    const state = await bench.trial(small);
    for (let attempt = 1; attempt <= state.config.maxStarts; attempt++)
      await bench.append(state.jobId, {
        type: 'TrainingStarted',
        target: 0,
        attempt,
        trainer: 'gone',
        engine: 'native',
        device: 'cpu',
      });
    await bench.trainer();
    const events = await bench.until(state.jobId, 'TrainingAttemptFailed');
    expect(events.at(-1)).toMatchObject({ code: 'trainer-lost', attempt: state.config.maxStarts });
  });
});
