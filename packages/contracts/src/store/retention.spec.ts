import { describe, expect, test } from '@jest/globals';
import { pruned, pruneRequestSchema } from './retention.ts';

const DAY = 86_400_000;
const studies = [1, 2, 3, 4, 5].map((age) => ({ jobId: `job-${age}`, endedAt: 100 * DAY - age * DAY }));
const goneBy = (rule: Parameters<typeof pruned>[1]) =>
  pruned(studies, rule, 100 * DAY).map(({ jobId }) => jobId);

describe('what a rule lets go', () => {
  test('is what ended longer ago, the oldest first', () => {
    expect(goneBy({ olderThanMs: 3 * DAY })).toEqual(['job-5', 'job-4']);
    expect(goneBy({ olderThanMs: 30 * DAY })).toEqual([]);
  });

  test('is what is beyond the newest', () => {
    expect(goneBy({ keep: 2 })).toEqual(['job-5', 'job-4', 'job-3']);
    expect(goneBy({ keep: 0 })).toHaveLength(5);
    expect(goneBy({ keep: 9 })).toEqual([]);
  });

  test('is with both only what is old and beyond the newest', () => {
    expect(goneBy({ olderThanMs: 2 * DAY, keep: 4 })).toEqual(['job-5']);
    expect(goneBy({ olderThanMs: 4 * DAY, keep: 1 })).toEqual(['job-5']);
  });
});

test('studies that ended at once go in the order of their ids', () => {
  const same = ['b', 'a', 'c'].map((jobId) => ({ jobId, endedAt: 0 }));
  expect(pruned(same, { keep: 1 }, DAY).map(({ jobId }) => jobId)).toEqual(['c', 'b']);
});

test('a request names a rule, and removes nothing unless it says so', () => {
  expect(pruneRequestSchema.safeParse({ dryRun: false }).success).toBe(false);
  expect(pruneRequestSchema.safeParse({ keep: -1 }).success).toBe(false);
  expect(pruneRequestSchema.parse({ keep: 3 })).toEqual({ keep: 3, dryRun: true });
});
