import { describe, expect, it } from '@jest/globals';
import { blamesTrainer, CircuitBreaker } from './circuit-breaker.ts';

const after = 3;
const pauseMs = 1000;

describe('a circuit breaker', () => {
  it('follows failures on different trainings, not on one', () => {
    const breaker = new CircuitBreaker({ after, pauseMs });
    for (let i = 0; i < 10; i++) breaker.failed('job 0', 'training-failed');
    expect(breaker).toMatchObject({ isOpen: false, failedInARow: 1 });
    breaker.failed('job 1', 'training-hung');
    expect(breaker.isOpen).toBe(false);
    breaker.failed('job 2', 'out-of-memory');
    expect(breaker).toMatchObject({ isOpen: true, failedInARow: 3 });
  });

  it('does not follow where a training succeeded in between', () => {
    const breaker = new CircuitBreaker({ after, pauseMs });
    for (let i = 0; i < 10; i++) {
      breaker.failed(`job ${i}`, 'training-failed');
      if (i % 2 === 1) breaker.succeeded();
    }
    expect(breaker.isOpen).toBe(false);
  });

  it('gives one chance after a pause that doubles, and everything back after a success', () => {
    const breaker = new CircuitBreaker({ after: 1, pauseMs });
    breaker.failed('job 0', 'training-failed');
    const pauses = [breaker.pauseMs];
    for (let i = 1; i < 4; i++) {
      breaker.halfOpen();
      expect(breaker.isOpen).toBe(false);
      breaker.failed(`job ${i}`, 'training-failed');
      expect(breaker.isOpen).toBe(true);
      pauses.push(breaker.pauseMs);
    }
    expect(pauses).toEqual([1000, 2000, 4000, 8000]);
    breaker.halfOpen();
    breaker.succeeded();
    breaker.failed('job 9', 'training-failed');
    expect(breaker.pauseMs).toBe(1000);
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
