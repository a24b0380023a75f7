import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createArtifactStore } from '@onegin/artifacts';
import { startMinio, type TestS3Server } from '@onegin/artifacts/testing/minio';
import type { StudyEvent, TrainerHeartbeat } from '@onegin/contracts';
import { startRedisServer, until, type RedisServer } from '@onegin/service-kit/testing';
import { artifactFaults, logFaults } from '../support/check-log.ts';
import { FaultyS3 } from '../support/faulty-s3.ts';
import { Onegin, smallCnn } from '../support/onegin.ts';

jest.setTimeout(400_000);

const WITHIN_MS = 240_000;
const request = {
  dataset: 'mnist-10k',
  trials: 1,
  epochs: 3,
  seed: 3,
  sampler: 'random',
  searchSpace: smallCnn,
} as const;
const trained = (events: readonly StudyEvent[]) => events.some(({ type }) => type === 'EpochEnded');
const of = (events: readonly StudyEvent[], type: StudyEvent['type']) =>
  events.filter((event) => event.type === type);

const ended = (events: readonly StudyEvent[]) => of(events, 'JobCompleted').length > 0;

describe('a study waits, and comes to its end,', () => {
  let minio: TestS3Server;
  let redis: RedisServer;
  let proxy: FaultyS3;
  let onegin: Onegin;
  // One stack for all of them: who survives one outage must survive the next.
  beforeAll(async () => {
    minio = await startMinio();
    redis = await startRedisServer();
    proxy = await FaultyS3.start(minio.endpoint);
    const { region, accessKey, secretKey } = minio;
    const keys = { region, accessKey, secretKey, bucket: 'faults' };
    onegin = await Onegin.start({
      trainers: 1,
      env: { TRAINER_HEARTBEAT: '200ms', TRAINER_THREADS: '1', RECONCILE_INTERVAL: '2s' },
      stack: { redisUrl: redis.url, artifacts: { ...keys, endpoint: proxy.endpoint } },
      store: await createArtifactStore({ ...keys, endpoint: minio.endpoint }),
    });
  }, 240_000);
  afterAll(async () => {
    await onegin?.stop();
    await proxy?.stop();
    await minio?.stop();
    await redis?.remove();
  }, 60_000);

  // A spec that fails in the middle of its outage must not leave the next one waiting in it.
  afterEach(async () => {
    proxy.behave('pass');
    if (redisAway) await redisBack();
  });

  let redisAway = false;
  async function takeRedisAway(): Promise<void> {
    redisAway = true;
    await redis.stop();
  }
  async function redisBack(): Promise<void> {
    await redis.restart();
    redisAway = false;
  }
  const saidSince = (seen: number, service: string, words: string): boolean =>
    onegin.lines.slice(seen).some((line) => line.startsWith(service) && line.includes(words));

  async function comesToItsEnd(jobId: string): Promise<StudyEvent[]> {
    const events = await onegin.ended(jobId, WITHIN_MS);
    expect(logFaults(events)).toEqual([]);
    expect(events.at(-1)!.type).toBe('JobCompleted');
    expect(await artifactFaults(events, onegin.store)).toEqual([]);
    // Nothing was given up: those that could not store or write have waited.
    expect(of(events, 'TrainingAttemptFailed')).toEqual([]);
    return events;
  }

  it('when the artifact store answers with errors; people are told', async () => {
    const jobId = await onegin.optimize(request);
    await onegin.until(jobId, trained, WITHIN_MS);
    proxy.behave('error');
    await onegin.until(jobId, (events) => of(events, 'Warning').length > 0, WITHIN_MS);
    // The next heartbeat says it too.
    await until(async () => {
      const { trainers } = await onegin.ask<{ trainers: TrainerHeartbeat[] }>('trainers');
      return trainers[0]?.waitingFor === 'storage';
    });
    proxy.behave('pass');
    const events = await comesToItsEnd(jobId);
    expect(of(events, 'Warning')[0]).toMatchObject({ code: 'storage-unavailable' });
  });

  it('when the artifact store is slow, and breaks off now and then', async () => {
    const jobId = await onegin.optimize(request);
    await onegin.until(jobId, trained, WITHIN_MS);
    proxy.behave('slow');
    await onegin.until(jobId, (events) => of(events, 'EpochEnded').length > 1, WITHIN_MS);
    proxy.behave('break');
    setTimeout(() => proxy.behave('pass'), 1000);
    await comesToItsEnd(jobId);
  });

  it('when Redis is unreachable', async () => {
    const jobId = await onegin.optimize(request);
    await onegin.until(jobId, trained, WITHIN_MS);
    const seen = onegin.lines.length;
    await takeRedisAway();
    for (const service of ['orchestrator', 'trainer-1', 'plotter', 'gateway'])
      await until(() => saidSince(seen, service, 'Redis cannot be reached'));
    await expect(onegin.job(jobId)).rejects.toThrow('redis-unavailable');
    await redisBack();
    await until(() => saidSince(seen, 'trainer-1', 'Redis is back'));
    await comesToItsEnd(jobId);
  });

  it('when one outage follows the other, and both are down at once', async () => {
    const jobId = await onegin.optimize({ ...request, epochs: 8 });
    await onegin.until(jobId, trained, WITHIN_MS);
    for (const behaviour of ['error', 'silent', 'break'] as const) {
      const seen = onegin.lines.length;
      const epochs = of(await onegin.events(jobId), 'EpochEnded').length;
      proxy.behave(behaviour);
      await takeRedisAway();
      await until(() => saidSince(seen, 'trainer-1', 'Redis cannot be reached'));
      // Redis comes back first; then the store does.
      await redisBack();
      await until(() => saidSince(seen, 'trainer-1', 'Redis is back'));
      proxy.behave('pass');
      const further = (events: readonly StudyEvent[]) => of(events, 'EpochEnded').length > epochs;
      await onegin.until(jobId, (events) => further(events) || ended(events), WITHIN_MS);
    }
    await comesToItsEnd(jobId);
  });
});
