import { describe, expect, it } from '@jest/globals';
import { OneginError } from '@onegin/contracts';
import { orAborted, withRetries } from './retry-policy.ts';

const unavailable = new OneginError('storage-unavailable', 'the store is down');
const never = new AbortController().signal;

/** Fails `failures` times, then succeeds; notes what was called. */
function work(failures: number, error: Error = unavailable) {
  const heard: string[] = [];
  let calls = 0;
  return {
    heard,
    run: async () => {
      if (calls++ < failures) throw error;
      return calls;
    },
    hooks: {
      onWait: () => void heard.push('wait'),
      onRecovered: () => void heard.push('go on'),
      firstWaitMs: 1,
    },
  };
}

describe('withRetries', () => {
  it('tries again while the store is unreachable, and says when that is over', async () => {
    const { run, hooks, heard } = work(3);
    expect(await withRetries(run, { forMs: 60_000, signal: never, ...hooks })).toBe(4);
    expect(heard).toEqual(['wait', 'wait', 'wait', 'go on']);
  });

  it('ends after its time with the store’s own error', async () => {
    const { run, hooks, heard } = work(Infinity);
    await expect(withRetries(run, { forMs: 0, signal: never, ...hooks })).rejects.toBe(unavailable);
    expect(heard).toEqual([]);
  });

  it('has none with what time does not heal', async () => {
    const denied = new OneginError('storage-denied', 'no');
    const { run, hooks, heard } = work(1, denied);
    await expect(withRetries(run, { forMs: 60_000, signal: never, ...hooks })).rejects.toBe(denied);
    expect(heard).toEqual([]);
  });

  it('ends at once when it is aborted', async () => {
    const stop = new AbortController();
    const { run, hooks } = work(Infinity);
    const waiting = withRetries(run, {
      forMs: 3_600_000,
      signal: stop.signal,
      ...hooks,
      firstWaitMs: 3_600_000,
      onWait: () => void setImmediate(() => stop.abort(new Error('aborted'))),
    });
    await expect(waiting).rejects.toBe(unavailable);
  });

  it('does not wait for work that is under way', async () => {
    const stop = new AbortController();
    const reason = new Error('aborted');
    const endless = orAborted(new Promise(() => undefined), stop.signal);
    stop.abort(reason);
    await expect(endless).rejects.toBe(reason);
    await expect(orAborted(Promise.resolve(1), stop.signal)).rejects.toBe(reason);
  });
});
