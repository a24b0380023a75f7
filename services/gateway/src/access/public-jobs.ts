/** The jobs that were shared: anyone may view them. */
import type { Redis } from 'ioredis';
import { jobIdSchema } from '@onegin/contracts';
import { redisChannels, redisKeys, withServiceErrors } from '@onegin/service-kit';

export class PublicJobs {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** @param jobId unchecked */
  async has(jobId: string): Promise<boolean> {
    if (!jobIdSchema.safeParse(jobId).success) return false;
    return (await withServiceErrors(() => this.#redis.sismember(redisKeys.publicJobs, jobId))) === 1;
  }

  /** Visitors of a job that is no longer public are disconnected. */
  async set(jobId: string, isPublic: boolean): Promise<void> {
    await withServiceErrors(async () => {
      if (isPublic) await this.#redis.sadd(redisKeys.publicJobs, jobId);
      else {
        await this.#redis.srem(redisKeys.publicJobs, jobId);
        await this.#redis.publish(redisChannels.accessChanged, jobId);
      }
    });
  }
}
