import { describe, expect, it } from '@jest/globals';
import { blamesTrainer, CircuitBreaker } from './circuit-breaker.ts';

const after = 3;
const pauseMs = 1000;

describe('a withdrawal', () => {
  it('follows failures on different trainings, not on one', () => {
    const withdrawal = new CircuitBreaker({ after, pauseMs });
    for (let i = 0; i < 10; i++) withdrawal.failed('job 0', 'training-failed');
    expect(withdrawal).toMatchObject({ withdrawn: false, failedInARow: 1 });
    withdrawal.failed('job 1', 'training-hung');
    expect(withdrawal.isOpen).toBe(false);
    withdrawal.failed('job 2', 'out-of-memory');
    expect(withdrawal).toMatchObject({ withdrawn: true, failedInARow: 3 });
  });

  it('does not follow where a training succeeded in between', () => {
    const withdrawal = new CircuitBreaker({ after, pauseMs });
    for (let i = 0; i < 10; i++) {
      withdrawal.failed(`job ${i}`, 'training-failed');
      if (i % 2 === 1) withdrawal.succeeded();
    }
    expect(withdrawal.isOpen).toBe(false);
  });

  it('gives one chance after a pause that doubles, and everything back after a success', () => {
    const withdrawal = new CircuitBreaker({ after: 1, pauseMs });
    withdrawal.failed('job 0', 'training-failed');
    const pauses = [withdrawal.pauseMs];
    for (let i = 1; i < 4; i++) {
      withdrawal.halfOpen();
      expect(withdrawal.isOpen).toBe(false);
      withdrawal.failed(`job ${i}`, 'training-failed');
      expect(withdrawal.isOpen).toBe(true);
      pauses.push(withdrawal.pauseMs);
    }
    expect(pauses).toEqual([1000, 2000, 4000, 8000]);
    withdrawal.halfOpen();
    withdrawal.succeeded();
    withdrawal.failed('job 9', 'training-failed');
    expect(withdrawal.pauseMs).toBe(1000);
  });
});

describe('blame', () => {
  it.each(['training-failed', 'training-process-died', 'out-of-memory', 'engine-unavailable'] as const)(
    'is on the trainer for %s',
    (code) => expect(blamesTrainer(code)).toBe(true),
  );

  it.each(['diverged', 'network-impossible', 'time-limit', 'storage-unavailable', 'redis-full'] as const)(
    'is not on the trainer for %s',
    (code) => expect(blamesTrainer(code)).toBe(false),
  );
});
