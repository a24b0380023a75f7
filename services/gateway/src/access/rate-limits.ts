/**
 * Rate limits per caller. Counted in Redis, so that they hold across all gateways; during an outage each gateway
 * counts for itself.
 */
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { OneginError } from '@onegin/contracts';
import { redisKeys } from '@onegin/service-kit';

const MINUTE_S = 60;
/** Attempts with a wrong key per network and minute; a valid key is accepted all the same. */
const WRONG_KEYS_PER_MINUTE = 20;

export type Counted = 'requests' | 'changes' | 'wrong-keys';

const WORDS: Record<Counted, string> = {
  requests: 'requests',
  changes: 'requests that change something',
  'wrong-keys': 'attempts with a wrong key',
};

export class RateLimits {
  readonly #limiters: ReadonlyMap<Counted, RateLimiterRedis>;

  /** @param perMinute 0: unlimited */
  constructor(redis: Redis, perMinute: { readonly requests: number; readonly changes: number }) {
    const limiters = Object.entries({ ...perMinute, 'wrong-keys': WRONG_KEYS_PER_MINUTE })
      .filter(([, points]) => points > 0)
      .map(([counted, points]) => [counted as Counted, limiter(redis, counted, points)] as const);
    this.#limiters = new Map(limiters);
  }

  /**
   * Counts one.
   * @param caller id of a key, or a network
   * @throws OneginError `too-many-requests`, with when to try again
   */
  async count(counted: Counted, caller: string): Promise<void> {
    const limiter = this.#limiters.get(counted);
    if (!limiter) return;
    try {
      await limiter.consume(caller);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      throw new OneginError(
        'too-many-requests',
        `at most ${limiter.points} ${WORDS[counted]} a minute; try again in ${retryAfterSeconds} s`,
        { retryAfterSeconds },
      );
    }
  }
}

function limiter(redis: Redis, counted: string, points: number): RateLimiterRedis {
  const options = { points, duration: MINUTE_S, keyPrefix: `${redisKeys.limits}:${counted}` };
  return new RateLimiterRedis({
    ...options,
    storeClient: redis,
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory(options),
    // Further requests are refused without asking Redis again.
    inMemoryBlockOnConsumed: points + 1,
  });
}
