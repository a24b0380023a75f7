/** The jobs that anybody may look at, because somebody chose so. */
import type { Redis } from 'ioredis';
import { jobIdSchema } from '@onegin/contracts';
import { redisChannels, redisKeys, withServiceErrors } from '@onegin/service-kit';

export class PublicJobs {
  private readonly redis: Redis;

  constructor(redis: Redis) {
    this.redis = redis;
  }

  /** @param jobId anyone's text */
  async has(jobId: string): Promise<boolean> {
    if (!jobIdSchema.safeParse(jobId).success) return false;
    return (await withServiceErrors(() => this.redis.sismember(redisKeys.publicJobs, jobId))) === 1;
  }

  /** Who looks at a job that is no longer open is cut. */
  async set(jobId: string, isPublic: boolean): Promise<void> {
    await withServiceErrors(async () => {
      if (isPublic) await this.redis.sadd(redisKeys.publicJobs, jobId);
      else {
        await this.redis.srem(redisKeys.publicJobs, jobId);
        await this.redis.publish(redisChannels.accessChanged, jobId);
      }
    });
  }
}
