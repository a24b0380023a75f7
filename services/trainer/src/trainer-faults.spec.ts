import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { onSmallDisk } from '@onegin/artifacts/testing';
import type { StudyEvent, StudyState, TrialState } from '@onegin/contracts';
import { listHeartbeats, sendControl } from '@onegin/service-kit';
import { freePort, until } from '@onegin/service-kit/testing';
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
  await bench.redis.blocking.config('SET', 'maxmemory', '0');
  await bench.redis.blocking.flushall();
});
afterAll(() => bench.close());

const epochsOf = (events: readonly StudyEvent[]) =>
  events.flatMap((event) => (event.type === 'EpochEnded' ? [event.summary.epoch] : []));
const stateOf = async ({ jobId }: StudyState): Promise<StudyState> => (await bench.log.load(jobId))!;
const trialOf = async (state: StudyState): Promise<TrialState> => (await stateOf(state)).trials[0]!;
/** What must not depend on when and where it ran. */
const measured = ({ epochs, result }: TrialState) => ({
  epochs: epochs.map(({ seconds: _s, samplesPerSecond: _p, ...rest }) => rest),
  accuracy: result!.accuracy,
  loss: result!.loss,
});
const heartbeatOf = async (id: string) =>
  (await listHeartbeats(bench.redis.failFast)).find((heartbeat) => heartbeat.id === id);
const told = (
  id: string,
  holds: (heartbeat: NonNullable<Awaited<ReturnType<typeof heartbeatOf>>>) => boolean,
) =>
  until(async () => {
    const heartbeat = await heartbeatOf(id);
    return heartbeat !== undefined && holds(heartbeat);
  });

describe('a trainer that is told to end', () => {
  const moments: readonly [string, (state: StudyState) => Promise<unknown>][] = [
    ['before its engine is loaded', () => until(async () => (await bench.depth()).active === 1)],
    ['when the trial has started', ({ jobId }) => bench.until(jobId, 'TrainingStarted')],
    ['within an epoch', (state) => until(async () => (await trialOf(state)).epochs.length >= 1)],
  ];

  it('releases its trial at any moment and ends; the trial comes to the same end, no epoch lost or doubled', async () => {
    const state = await bench.trial(small, { epochs: 8 });
    for (const [index, [, reached]] of moments.entries()) {
      const trainer = await bench.trainer({ TRAINER_ID: `trainer-${index}` });
      await reached(state);
      const ended = once(trainer, 'exit');
      trainer.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
      expect((await trialOf(state)).status).not.toBe('running');
      expect(await bench.depth()).toMatchObject({ waiting: 1, active: 0 });
    }
    await bench.trainer({ TRAINER_ID: 'last' });
    const events = await bench.until(state.jobId, 'TrainingCompleted');
    expect(epochsOf(events)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(events.filter(({ type }) => type === 'TrainingReleased').length).toBeGreaterThanOrEqual(2);
    const undisturbed = await bench.trial(small, { epochs: 8 });
    await bench.until(undisturbed.jobId, 'TrainingCompleted');
    expect(measured(await trialOf(state))).toEqual(measured(await trialOf(undisturbed)));
  });

  it('does not wait for a training that hangs: the trial is released as the log has it', async () => {
    const trainer = await bench.trainer({ SHUTDOWN_GRACE: '10s' });
    const state = await bench.trial(small, long);
    await bench.until(state.jobId, 'EpochEnded');
    process.kill(await bench.trainingProcess(trainer), 'SIGSTOP');
    const ended = once(trainer, 'exit');
    trainer.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    const events = await bench.until(state.jobId, 'TrainingReleased');
    expect(events.at(-1)).not.toHaveProperty('checkpoint');
    expect(await trialOf(state)).toMatchObject({ status: 'queued', checkpoint: { kind: 'checkpoint' } });
  });
});

describe('a cancelled trial', () => {
  it('does not hold up a trainer, even where the training hangs', async () => {
    const trainer = await bench.trainer();
    const state = await bench.trial(small, long);
    await bench.until(state.jobId, 'EpochEnded');
    process.kill(await bench.trainingProcess(trainer), 'SIGSTOP');
    await bench.append(state.jobId, { type: 'TrainingCancelled', target: 0 });
    await sendControl(bench.redis.failFast, { jobId: state.jobId, target: 0, action: 'cancel' });
    const next = await bench.trial(small);
    await bench.until(next.jobId, 'TrainingCompleted');
    expect((await stateOf(state)).trials[0]!.status).toBe('cancelled');
  });
});

describe('a trial that failed', () => {
  it('is passed on while another trainer is there, and taken where none is', async () => {
    await bench.trainer({ TRAINER_ID: 'failed-it' });
    const avoid = { trainer: 'failed-it', until: Date.now() + 600_000 };
    const alone = await bench.trial(small, {}, { avoid });
    await bench.until(alone.jobId, 'TrainingCompleted');
    expect((await trialOf(alone)).trainer).toBe('failed-it');

    const deferred = await bench.trial(small, long, {});
    await bench.until(deferred.jobId, 'TrainingStarted');
    await bench.trainer({ TRAINER_ID: 'other', TRAINER_HEARTBEAT: '200ms' });
    await told('other', ({ status }) => status === 'ready');
    const busy = await bench.trial(small, long);
    await bench.until(busy.jobId, 'TrainingStarted');
    // Both work; the one that is free first is the one to avoid.
    const state = await bench.trial(small, {}, { avoid });
    for (const { jobId } of [deferred, busy]) {
      await bench.append(jobId, { type: 'TrainingCancelled', target: 0 });
      await sendControl(bench.redis.failFast, { jobId, target: 0, action: 'cancel' });
      if (jobId === deferred.jobId) await until(async () => (await bench.depth()).delayed === 1);
    }
    await bench.until(state.jobId, 'TrainingCompleted');
    expect((await trialOf(state)).trainer).toBe('other');
  });
});

describe('a trainer that keeps failing', () => {
  it('takes itself out, says so in heartbeat and health, and tries again after a pause', async () => {
    const folder = path.join(tmpdir(), `onegin-no-folder-${process.pid}`);
    await writeFile(folder, 'a file where a folder should be');
    const port = await freePort();
    const ready = async () => (await fetch(`http://127.0.0.1:${port}/ready`)).json();
    await bench.trainer({
      TRAINER_ID: 'unlucky',
      TRAINER_HEARTBEAT: '100ms',
      TRAINER_WITHDRAW_AFTER: '2',
      TRAINER_WITHDRAWN_FOR: '3s',
      DATASETS_DIR: path.join(folder, 'below'),
      HEALTH_PORT: String(port),
    });
    expect(await ready()).toMatchObject({ status: 'ready', checks: { 'not withdrawn': true } });
    for (let i = 0; i < 2; i++) {
      const state = await bench.trial(small);
      const events = await bench.until(state.jobId, 'TrainingAttemptFailed');
      expect(events.at(-1)).toMatchObject({ trainer: 'unlucky' });
    }
    await told('unlucky', ({ status, failed }) => status === 'withdrawn' && failed === 2);
    expect(await ready()).toMatchObject({ status: 'not ready', checks: { 'not withdrawn': false } });
    const waiting = await bench.trial(small);
    await rm(folder);
    await mkdir(folder);
    await bench.until(waiting.jobId, 'TrainingCompleted');
    await told('unlucky', ({ status, failedInARow }) => status === 'ready' && failedInARow === 0);
    await rm(folder, { recursive: true });
  });

  it('is not one whose trials have faults of their own', async () => {
    await bench.trainer({ TRAINER_WITHDRAW_AFTER: '2', TRAINER_ID: 'fine', TRAINER_HEARTBEAT: '100ms' });
    for (let i = 0; i < 3; i++) {
      const state = await bench.trial({ convLayers: 8, poolSize: 4 });
      await bench.until(state.jobId, 'TrainingAttemptFailed');
    }
    await told(
      'fine',
      ({ status, failed, failedInARow }) => status === 'ready' && failed === 3 && failedInARow === 0,
    );
  });
});

describe('a disk that is full', () => {
  it('is waited for: people are told, and nothing is lost', async () => {
    await onSmallDisk(24, async (disk) => {
      const filling = path.join(disk, 'filling');
      await bench.trainer({
        TRAINER_ID: 'here',
        TRAINER_HEARTBEAT: '100ms',
        ARTIFACTS_DIR: path.join(disk, 'artifacts'),
      });
      await fillUp(filling);
      const state = await bench.trial(small, { epochs: 3 });
      await told('here', ({ waitingFor }) => waitingFor === 'storage');
      const warned = await bench.until(state.jobId, 'Warning');
      expect(warned.find(({ type }) => type === 'Warning')).toMatchObject({
        code: 'storage-full',
        number: 0,
      });
      expect(epochsOf(warned)).toEqual([]);
      await rm(filling);
      const events = await bench.until(state.jobId, 'TrainingCompleted');
      expect(epochsOf(events)).toEqual([1, 2, 3]);
      expect((await trialOf(state)).attempt).toBe(1);
      await told('here', ({ waitingFor }) => waitingFor === undefined);
    });
  });

  it('does not keep a trainer from ending', async () => {
    await onSmallDisk(24, async (disk) => {
      const artifacts = path.join(disk, 'artifacts');
      const filling = path.join(disk, 'filling');
      const trainer = await bench.trainer({ ARTIFACTS_DIR: artifacts, SHUTDOWN_GRACE: '10s' });
      // So many that the disk is full long before the last one.
      const epochs = 30;
      const state = await bench.trial(small, { epochs });
      await bench.until(state.jobId, 'EpochEnded');
      await fillUp(filling);
      await bench.until(state.jobId, 'Warning');
      const done = (await trialOf(state)).epochs.length;
      const ended = once(trainer, 'exit');
      trainer.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
      expect(await trialOf(state)).toMatchObject({ status: 'queued', epochs: { length: done } });
      await rm(filling);
      await bench.trainer({ ARTIFACTS_DIR: artifacts });
      const events = await bench.until(state.jobId, 'TrainingCompleted');
      expect(epochsOf(events)).toEqual(Array.from({ length: epochs }, (_, i) => i + 1));
    });
  });
});

/** Until not a byte more goes onto the disk. */
async function fillUp(file: string): Promise<void> {
  let size = 16 * 2 ** 20;
  let content = Buffer.alloc(0);
  while (size >= 1) {
    const more = Buffer.concat([content, Buffer.alloc(size, 1)]);
    try {
      await writeFile(file, more);
      content = more;
    } catch {
      size = Math.floor(size / 2);
    }
  }
  await writeFile(file, content).catch(() => undefined);
}

describe('a checkpoint that the store lost', () => {
  it('costs its epochs again, not the trial, and none of them counts twice', async () => {
    const first = await bench.trainer({ TRAINER_ID: 'first' });
    const state = await bench.trial(small, { epochs: 5 });
    await until(async () => (await trialOf(state)).epochs.length >= 2);
    first.kill('SIGKILL');
    await once(first, 'exit');
    await bench.store.removePrefix(`optimization_results/${state.config.runName}/`);
    await bench.trainer({ TRAINER_ID: 'second' });
    const events = await bench.until(state.jobId, 'TrainingCompleted');
    expect(epochsOf(events)).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('a Redis that is full', () => {
  it('is waited for: the trial goes on when there is room', async () => {
    const trainer = await bench.trainer();
    const state = await bench.trial(small, { epochs: 6 });
    await bench.until(state.jobId, 'EpochEnded');
    await bench.redis.blocking.config('SET', 'maxmemory', '1');
    await until(() => bench.said(trainer).includes('Redis is full'));
    const stands = (await trialOf(state)).epochs.length;
    expect(stands).toBeLessThan(6);
    await bench.redis.blocking.config('SET', 'maxmemory', '0');
    const events = await bench.until(state.jobId, 'TrainingCompleted');
    expect(epochsOf(events)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(events.filter(({ type }) => type === 'TrainingAttemptFailed')).toEqual([]);
  });
});
