import { describe, expect, test } from '@jest/globals';
import { fairShares, type JobDemand } from './fair-shares.ts';

const job = (jobId: string, wanted: number, weight = 1): JobDemand => ({
  jobId,
  resource: 'cpu',
  wanted,
  weight,
});
const shares = (slots: number, ...demands: JobDemand[]) => Object.fromEntries(fairShares(slots, demands));

describe('fair shares', () => {
  test('are equal for equal jobs, however much one of them wants', () => {
    expect(shares(16, job('large', 10_000), job('small', 50))).toEqual({ large: 8, small: 8 });
  });

  test('follow the weights', () => {
    expect(shares(12, job('a', 99, 1), job('b', 99, 2), job('c', 99, 3))).toEqual({ a: 2, b: 4, c: 6 });
  });

  test('leave to others what a job cannot use', () => {
    expect(shares(16, job('large', 10_000), job('small', 3))).toEqual({ large: 13, small: 3 });
    expect(shares(16, job('a', 2), job('b', 5), job('c', 99))).toEqual({ a: 2, b: 5, c: 9 });
    expect(shares(16, job('alone', 99))).toEqual({ alone: 16 });
    expect(shares(16, job('content', 4))).toEqual({ content: 4 });
  });

  test('are whole numbers that use every slot', () => {
    expect(shares(8, job('a', 99), job('b', 99), job('c', 99))).toEqual({ a: 3, b: 3, c: 2 });
  });

  test('let no job stand still, and give nothing to one that wants nothing', () => {
    expect(shares(1, job('a', 9), job('b', 9, 100), job('c', 0))).toEqual({ a: 1, b: 1 });
    expect(shares(0, job('a', 9))).toEqual({ a: 1 });
  });
});
