/**
 * Keeps a task's lock where BullMQ cannot: Redis refuses to renew it while it is full, and a process that had no
 * time in the meantime finds it run out. Work that goes on keeps its task unless another worker has taken it up.
 */
import type { Worker } from 'bullmq';
import type { Redis } from 'ioredis';

// A Redis that is full allows PEXPIRE and SREM, but not SET.
const script = `
local holder = redis.call('GET', KEYS[1])
if holder == ARGV[2] then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
elseif holder or not redis.call('LPOS', KEYS[2], ARGV[1]) then
  return 0
else
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
end
redis.call('SREM', KEYS[3], ARGV[1])
return 1`;

/**
 * @param token what BullMQ knows the holder of the lock by
 * @returns whether the task is still this worker's
 */
export async function holdLock(
  redis: Redis,
  worker: Pick<Worker, 'toKey' | 'opts'>,
  id: string,
  token: string,
): Promise<boolean> {
  const keys = [`${worker.toKey(id)}:lock`, worker.toKey('active'), worker.toKey('stalled')];
  return (await redis.eval(script, keys.length, ...keys, id, token, worker.opts.lockDuration!)) === 1;
}
