/**
 * Where work waits and no trainer has been reachable for a configured time, this machine trains, until a trainer is
 * there again. Every study it concerns says so in its log, and the trainer's heartbeat does.
 */
import { randomUUID } from 'node:crypto';
import { jobEnded } from '@onegin/contracts';
import type { NewStudyEvent, Resource, StudyState, TrainerHeartbeat } from '@onegin/contracts';
import { redisKeys, type Logger, type Redis, type StudyLog } from '@onegin/service-kit';
import { waitingTrainings } from '@onegin/study';
import type { LocalTrainer, StartLocalTrainer } from './local-trainer.ts';

export interface LocalFallbackParts {
  readonly redis: Redis;
  readonly log: StudyLog;
  readonly logger: Logger;
  /** How long work waits without any trainer before this machine trains. */
  readonly afterMs: number;
  readonly startTrainer: StartLocalTrainer;
}

/** Of several replicas one trains; where it dies, another may after this time. */
const LEASE_MS = 30_000;

/** For one kind of trainer. */
export class LocalFallback {
  readonly #resource: Resource;
  readonly #parts: LocalFallbackParts;
  readonly #owner = randomUUID();
  #waitingSince: number | null = null;
  #idleSince: number | null = null;
  #trainer: LocalTrainer | null = null;
  #told = new Set<string>();

  constructor(resource: Resource, parts: LocalFallbackParts) {
    this.#resource = resource;
    this.#parts = parts;
  }

  /** To be called every few seconds. @param now ms on a monotonic clock */
  async look(
    studies: readonly StudyState[],
    trainers: readonly TrainerHeartbeat[],
    now = performance.now(),
  ): Promise<void> {
    const concerned = studies.filter((study) => this.#concerns(study));
    const others = trainers.filter(
      ({ resource, status, fallback }) => resource === this.#resource && status === 'ready' && !fallback,
    );
    if (this.#trainer) return this.#whileTraining(concerned, others, now);
    const waits = concerned.some((study) => waitingTrainings(study).length > 0);
    if (!waits || others.length > 0) this.#waitingSince = null;
    else this.#waitingSince ??= now;
    if (this.#waitingSince === null || now - this.#waitingSince < this.#parts.afterMs) return;
    if (!(await this.#lease())) return;
    this.#parts.logger.warn({ resource: this.#resource }, 'no trainer is reachable: this machine trains');
    this.#trainer = this.#parts.startTrainer(this.#resource);
    await this.#tell(concerned);
  }

  async close(): Promise<void> {
    await this.#end();
  }

  #concerns({ status, cancelRequested, config }: StudyState): boolean {
    return !jobEnded(status) && !cancelRequested && config.resource === this.#resource;
  }

  async #whileTraining(
    concerned: readonly StudyState[],
    [other]: readonly TrainerHeartbeat[],
    now: number,
  ): Promise<void> {
    if (concerned.length > 0) this.#idleSince = null;
    else this.#idleSince ??= now;
    const idle = this.#idleSince !== null && now - this.#idleSince >= this.#parts.afterMs;
    const ended = !this.#trainer!.running;
    if (other || idle || ended || !(await this.#lease())) {
      const reason = other ? `${other.id} is reachable` : idle ? 'nothing is left to train' : 'it has ended';
      this.#parts.logger.info({ resource: this.#resource, reason }, 'this machine trains no longer');
      if (other) await this.#warn(concerned, 'local-fallback-ended', `${reason}: it trains from now on`);
      return this.#end();
    }
    await this.#tell(concerned.filter(({ jobId }) => !this.#told.has(jobId)));
  }

  async #end(): Promise<void> {
    const trainer = this.#trainer;
    this.#trainer = null;
    this.#waitingSince = null;
    this.#idleSince = null;
    this.#told.clear();
    await trainer?.stop();
    if (trainer) await this.#release();
  }

  #tell(studies: readonly StudyState[]): Promise<void> {
    for (const { jobId } of studies) this.#told.add(jobId);
    const seconds = Math.round(this.#parts.afterMs / 1000);
    const message = `no trainer has been reachable for ${seconds} s: the orchestrator’s machine trains until one is`;
    return this.#warn(studies, 'local-fallback', message);
  }

  async #warn(studies: readonly StudyState[], code: string, message: string): Promise<void> {
    const event: NewStudyEvent = { type: 'Warning', code, message };
    await Promise.all(studies.map(({ jobId }) => this.#parts.log.append(jobId, [event])));
  }

  /** Takes or keeps the right to train here. */
  async #lease(): Promise<boolean> {
    const { redis } = this.#parts;
    const key = redisKeys.localFallback(this.#resource);
    if ((await redis.set(key, this.#owner, 'PX', LEASE_MS, 'NX')) === 'OK') return true;
    if ((await redis.get(key)) !== this.#owner) return false;
    await redis.pexpire(key, LEASE_MS);
    return true;
  }

  async #release(): Promise<void> {
    const { redis } = this.#parts;
    const key = redisKeys.localFallback(this.#resource);
    if ((await redis.get(key)) === this.#owner) await redis.del(key);
  }
}
