import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Logger } from '@onegin/service-kit';
import { startPeriodicWork } from './periodic-work.ts';

const warn = jest.fn();
const logger = { warn } as unknown as Logger;

beforeEach(() => {
  jest.useFakeTimers();
  warn.mockClear();
});
afterEach(() => {
  jest.useRealTimers();
});

test('runs at once and at every interval until it is stopped', async () => {
  const run = jest.fn(() => Promise.resolve());
  const stop = startPeriodicWork([{ name: 'example', everyMs: 1000, run }], logger);
  expect(run).toHaveBeenCalledTimes(1);
  await jest.advanceTimersByTimeAsync(3000);
  expect(run).toHaveBeenCalledTimes(4);
  stop();
  await jest.advanceTimersByTimeAsync(3000);
  expect(run).toHaveBeenCalledTimes(4);
});

test('a run that is still going is not joined by a second one', async () => {
  let finish: () => void = () => undefined;
  const run = jest.fn(() => new Promise<void>((resolve) => (finish = resolve)));
  const stop = startPeriodicWork([{ name: 'slow', everyMs: 1000, run }], logger);
  await jest.advanceTimersByTimeAsync(5000);
  expect(run).toHaveBeenCalledTimes(1);
  finish();
  await jest.advanceTimersByTimeAsync(1000);
  expect(run).toHaveBeenCalledTimes(2);
  stop();
});

test('a failure is logged with its name, stops nothing else, and is tried again', async () => {
  const error = new Error('Redis is down');
  const failing = jest.fn(() => Promise.reject(error));
  const other = jest.fn(() => Promise.resolve());
  const stop = startPeriodicWork(
    [
      { name: 'failing', everyMs: 1000, run: failing },
      { name: 'other', everyMs: 1000, run: other },
    ],
    logger,
  );
  await jest.advanceTimersByTimeAsync(1000);
  expect([failing.mock.calls.length, other.mock.calls.length]).toEqual([2, 2]);
  expect(warn.mock.calls).toEqual(
    Array(2).fill([{ err: error, work: 'failing' }, expect.stringContaining('periodic work failed')]),
  );
  stop();
});
