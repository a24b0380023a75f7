/** What queues still hold when all work is done, read from Redis itself. */
import { queues } from '@onegin/contracts';
import { QUEUE_PREFIX } from '@onegin/service-kit';
import { Redis } from 'ioredis';

const LISTS = [
  'wait',
  'active',
  'delayed',
  'prioritized',
  'paused',
  'waiting-children',
  'completed',
  'failed',
];
/** What BullMQ keeps of a queue without any entry. */
const OF_THE_QUEUE = ['meta', 'events', 'id', 'stalled-check', 'marker', 'stalled'];

/** Keys of entries, and lists that are not empty. An advance that the timer just asked for is gone the next time. */
export async function lingering(redisUrl: string): Promise<string[]> {
  const redis = new Redis(redisUrl);
  try {
    const found: string[] = [];
    for (const queue of Object.keys(queues)) {
      const prefix = `${QUEUE_PREFIX}:${queue}:`;
      for (const key of await redis.keys(`${prefix.replace(/[[\]{}*?]/g, '\\$&')}*`)) {
        const rest = key.slice(prefix.length);
        if (LISTS.includes(rest))
          found.push(...(await entriesOf(redis, key)).map((id) => `${key} holds ${id}`));
        else if (!OF_THE_QUEUE.includes(rest)) found.push(key);
      }
    }
    return found;
  } finally {
    redis.disconnect();
  }
}

async function entriesOf(redis: Redis, key: string): Promise<string[]> {
  // BullMQ's own mark that something is to come is no entry.
  const isEntry = (id: string): boolean => !id.startsWith('0:');
  const kind = await redis.type(key);
  const entries =
    kind === 'list'
      ? await redis.lrange(key, 0, '-1')
      : kind === 'zset'
        ? await redis.zrange(key, 0, '-1')
        : [];
  return entries.filter(isEntry);
}
