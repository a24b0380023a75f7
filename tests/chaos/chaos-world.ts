/**
 * A whole Onegin with three trainers and two orchestrators, a Redis and a MinIO of its own, and hands on all of their
 * switches.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { createArtifactStore, type ArtifactStore } from '@onegin/artifacts';
import { startMinio, type TestS3Server } from '@onegin/artifacts/testing/minio';
import { startRedisServer, type RedisServer } from '@onegin/service-kit/testing';
import { FaultyS3 } from '../support/faulty-s3.ts';
import { Onegin } from '../support/onegin.ts';
import { TRAINERS, type Fault } from './fault-plan.ts';

/** Short, so that a minute holds many faults; the ways are those of the defaults. */
const SETTINGS = {
  TRAINER_LOCK: '3s',
  PLOTTER_LOCK: '3s',
  STALL_CHECK_INTERVAL: '2s',
  RECONCILE_INTERVAL: '2s',
  TRAINER_THREADS: '1',
  SHUTDOWN_GRACE: '8s',
};
const LONGEST_PAUSE_MS = 1000;

export class ChaosWorld {
  readonly onegin: Onegin;
  readonly redis: RedisServer;
  readonly #minio: TestS3Server;
  readonly #proxy: FaultyS3;

  private constructor(onegin: Onegin, redis: RedisServer, minio: TestS3Server, proxy: FaultyS3) {
    this.onegin = onegin;
    this.redis = redis;
    this.#minio = minio;
    this.#proxy = proxy;
  }

  static async start(): Promise<ChaosWorld> {
    const redis = await startRedisServer();
    const minio = await startMinio();
    const proxy = await FaultyS3.start(minio.endpoint);
    const keys = { ...minio, bucket: 'chaos' };
    const onegin = await Onegin.start({
      trainers: TRAINERS.length,
      env: SETTINGS,
      stack: {
        orchestrators: 2,
        redisUrl: redis.url,
        artifacts: { ...keys, endpoint: proxy.endpoint },
        longestPauseMs: LONGEST_PAUSE_MS,
      },
      store: await storeAt(keys),
    });
    return new ChaosWorld(onegin, redis, minio, proxy);
  }

  /** Resolves when the fault is over: a process was hit, or a server is back. */
  async inflict(fault: Fault): Promise<void> {
    switch (fault.kind) {
      case 'signal':
        return this.#signal(fault.service, fault.signal);
      case 'redis':
        return this.#redisFault(fault.how, fault.forMs);
      case 'minio':
        await this.#minio.kill();
        await delay(fault.forMs);
        return this.#minio.restart();
      case 's3':
        this.#proxy.behave(fault.behaviour);
        await delay(fault.forMs);
        return this.#proxy.behave('pass');
    }
  }

  async stop(): Promise<void> {
    await this.onegin.stop();
    await this.#proxy.stop();
    await this.#minio.stop();
    await this.redis.remove();
  }

  #signal(service: string, signal: NodeJS.Signals): void {
    // It may be between an end and the next start.
    const pid = this.onegin.stack.children.get(service)?.pid;
    if (pid !== undefined) process.kill(pid, signal);
  }

  async #redisFault(how: 'restart' | 'kill' | 'freeze', forMs: number): Promise<void> {
    if (how === 'freeze') this.redis.freeze();
    else await (how === 'kill' ? this.redis.kill() : this.redis.stop());
    await delay(forMs);
    if (how === 'freeze') this.redis.thaw();
    else await this.redis.restart();
  }
}

async function storeAt(config: {
  endpoint: string;
  region: string;
  accessKey: string;
  secretKey: string;
  bucket: string;
}): Promise<ArtifactStore> {
  const { endpoint, region, accessKey, secretKey, bucket } = config;
  return createArtifactStore({ endpoint, region, accessKey, secretKey, bucket });
}
