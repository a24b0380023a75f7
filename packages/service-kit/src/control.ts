/**
 * Tells a trainer or a plotter that the outcome of what it works on is decided. The message stands in a hash and is
 * published: a worker that starts later reads the hash, one that is working already gets the message.
 */
import { controlMessageSchema, stampVersion } from '@onegin/contracts';
import type { ControlMessage, ControlTarget } from '@onegin/contracts';
import type { Redis } from 'ioredis';
import { withServiceErrors } from './service-error.ts';
import type { Subscriptions } from './subscriptions.ts';
import { redisChannels, redisKeys } from './redis-keys.ts';

export function sendControl(redis: Redis, message: ControlMessage): Promise<void> {
  return withServiceErrors(async () => {
    const text = JSON.stringify(stampVersion(controlMessageSchema.parse(message)));
    await redis.hset(redisKeys.control(message.jobId), String(message.target), text);
    await redis.publish(redisChannels.control(message.jobId), text);
  });
}

/**
 * Calls the listener once when there is a message for the target, also one that was sent before.
 * @returns ends the watch
 */
export async function watchControl(
  { redis, subscriptions }: { redis: Redis; subscriptions: Subscriptions },
  { jobId, target }: { jobId: string; target: ControlTarget },
  listener: (message: ControlMessage) => void,
): Promise<() => void> {
  let told = false;
  const take = (text: string) => {
    const message = read(text);
    if (told || message?.target !== target) return;
    told = true;
    listener(message);
  };
  return withServiceErrors(async () => {
    // First the channel, then the hash: in this order nothing falls between.
    const stop = await subscriptions.listen(redisChannels.control(jobId), take);
    const earlier = await redis.hget(redisKeys.control(jobId), String(target));
    if (earlier !== null) take(earlier);
    return stop;
  });
}

/** A message that only a newer version understands is ignored: it saves work, and the log has the outcome. */
const read = (text: string): ControlMessage | null =>
  controlMessageSchema.safeParse(JSON.parse(text)).data ?? null;
