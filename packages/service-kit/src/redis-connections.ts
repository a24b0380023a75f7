/**
 * The connections of a service. A request that a person waits for fails fast; workers block until Redis is back.
 * An outage is logged once when it begins and once when it ends.
 */
import { Redis, type RedisOptions } from 'ioredis';
import { OneginError } from '@onegin/contracts';
import { withoutPassword, type Logger } from './logger.ts';
import { toServiceError } from './service-error.ts';
import { within } from './within.ts';

export type { Redis } from 'ioredis';

export interface RedisConnections {
  /** For requests: a command fails within seconds when Redis is down. */
  readonly failFast: Redis;
  /** For workers and appends: a command waits until Redis is back. */
  readonly blocking: Redis;
  /** A further blocking connection: for subscriptions and blocking reads. */
  open(name: string): Redis;
  /** Resolves when Redis answers; logs from time to time that it is still waiting. */
  ready(signal?: AbortSignal): Promise<void>;
  /** Whether Redis answers now. */
  isReachable(): Promise<boolean>;
  close(): void;
}

const REQUEST_TIMEOUT_MS = 5000;
const CONNECT_TIMEOUT_MS = 5000;
const REACHABLE_WITHIN_MS = 1000;
/** How long a connection that is closed while Redis is down keeps the process alive. */
const DISCONNECT_TIMEOUT_MS = 100;
const REMIND_MS = 10_000;

/** Waits between attempts to connect: 50 ms at first, at most 1 s, so that work goes on soon after an outage. */
const retryDelayMs = (attempt: number): number => Math.min(50 * attempt, 1000);

export function connectRedis(url: string, options: { name: string; logger: Logger }): RedisConnections {
  const { name, logger } = options;
  const open: Redis[] = [];
  const outages = outageReport(withoutPassword(url), logger);

  const connect = (suffix: string, more: RedisOptions): Redis => {
    const redis = new Redis(url, {
      connectionName: `${name}-${suffix}`,
      connectTimeout: CONNECT_TIMEOUT_MS,
      retryStrategy: retryDelayMs,
      disconnectTimeout: DISCONNECT_TIMEOUT_MS,
      ...more,
    });
    outages.watch(redis);
    open.push(redis);
    return redis;
  };
  const openBlocking = (suffix: string): Redis => connect(suffix, { maxRetriesPerRequest: null });
  const failFast = connect('fail-fast', { maxRetriesPerRequest: 1, commandTimeout: REQUEST_TIMEOUT_MS });
  const blocking = openBlocking('blocking');

  return {
    failFast,
    blocking,
    open: openBlocking,
    ready: async (signal) => {
      const reminder = setInterval(() => outages.remind(), REMIND_MS);
      try {
        await Promise.race([blocking.ping(), aborted(signal)]);
      } catch (error) {
        throw toServiceError(error);
      } finally {
        clearInterval(reminder);
      }
    },
    isReachable: () => answersWithin(failFast, REACHABLE_WITHIN_MS),
    close: () => {
      for (const redis of open) redis.disconnect();
    },
  };
}

const answersWithin = async (redis: Redis, ms: number): Promise<boolean> =>
  redis.status === 'ready' && within(ms, redis.ping()).catch(() => false);

const aborted = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_, reject) => {
    const stop = () => reject(new OneginError('redis-unavailable', 'stopped while waiting for Redis'));
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });

/** Many connections lose the same server, but the log should say so once. */
function outageReport(address: string, logger: Logger) {
  let since: number | null = null;
  let reason = '';
  const lost = (error: Error): void => {
    // An AggregateError, of several addresses, has its messages in its parts.
    reason = error.message || String((error as AggregateError).errors?.[0] ?? error);
    if (since !== null) return;
    since = Date.now();
    logger.warn({ redis: address }, `Redis cannot be reached, waiting for it: ${reason}`);
  };
  const back = (): void => {
    if (since === null) return;
    logger.info({ redis: address, seconds: (Date.now() - since) / 1000 }, 'Redis is back');
    since = null;
  };
  return {
    watch: (redis: Redis) => void redis.on('error', lost).on('ready', back),
    remind(): void {
      if (since !== null) logger.warn({ redis: address }, `still waiting for Redis: ${reason}`);
    },
  };
}
