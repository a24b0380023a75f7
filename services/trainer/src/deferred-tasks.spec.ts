import { describe, expect, test } from '@jest/globals';
import { fasterIsIdle, DeferredTasks, type TrainerSpeed } from './deferred-tasks.ts';

const slow = { id: 'slow', resource: 'cpu', speed: 10 } as const;
const trainer = (changes: Partial<TrainerSpeed> = {}): TrainerSpeed => ({
  id: 'fast',
  resource: 'cpu',
  status: 'ready',
  slots: 1,
  current: [],
  speed: 40,
  ...changes,
});
const working = [{ jobId: 'job-1', target: 0, epoch: 1, epochs: 2 }];

describe('a trial is left to a faster trainer', () => {
  test('while one is idle', () => {
    expect(fasterIsIdle(slow, [trainer()], 0)).toBe(true);
    expect(fasterIsIdle(slow, [trainer({ current: working })], 0)).toBe(false);
    expect(fasterIsIdle(slow, [trainer({ current: working, slots: 2 })], 0)).toBe(true);
  });

  test('not to one that cannot take it, is hardly faster, or of unknown speed', () => {
    for (const other of [
      trainer({ status: 'draining' }),
      trainer({ status: 'withdrawn' }),
      trainer({ resource: 'gpu' }),
      trainer({ waitingFor: 'storage' }),
      trainer({ speed: 14 }),
      trainer({ speed: null }),
      trainer({ id: 'slow' }),
    ])
      expect(fasterIsIdle(slow, [other], 0)).toBe(false);
    expect(fasterIsIdle({ ...slow, speed: null }, [trainer()], 0)).toBe(false);
  });

  test('not where enough trials wait for all that are faster', () => {
    const fast = [trainer({ id: 'a' }), trainer({ id: 'b' })];
    expect(fasterIsIdle(slow, fast, 1)).toBe(true);
    expect(fasterIsIdle(slow, fast, 2)).toBe(false);
  });
});

test('deferred tasks are remembered, the newest hundred', () => {
  const deferred = new DeferredTasks();
  for (let i = 0; i < 101; i++) deferred.add(`task-${i}`);
  expect([deferred.has('task-0'), deferred.has('task-1'), deferred.has('task-100')]).toEqual([
    false,
    true,
    true,
  ]);
});
