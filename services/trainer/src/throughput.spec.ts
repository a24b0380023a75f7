import { expect, test } from '@jest/globals';
import { Throughput } from './throughput.ts';

/** A training at `perSecond` batches a second, reported every half second. */
function train(throughput: Throughput, clock: { ms: number }, perSecond: number, seconds: number): void {
  throughput.begin();
  for (let half = 0; half <= 2 * seconds; half++) {
    throughput.progress({ epoch: 1, batch: 1 + (half * perSecond) / 2, batches: 100_000 });
    clock.ms += 500;
  }
}

test('what is typical follows the trainings, the newest most, and no single one', () => {
  const clock = { ms: 1000 };
  const throughput = new Throughput(() => clock.ms);
  expect([throughput.perSecond, throughput.typical]).toEqual([null, null]);
  train(throughput, clock, 40, 5);
  expect(throughput.perSecond).toBeCloseTo(40);
  expect(throughput.typical).toBeNull();
  throughput.end();
  expect(throughput.perSecond).toBeNull();
  expect(throughput.typical).toBeCloseTo(40);
  train(throughput, clock, 160, 2);
  throughput.end();
  expect(throughput.typical).toBeCloseTo(40 * 4 ** 0.3);
  for (let i = 0; i < 30; i++) {
    train(throughput, clock, 10, 1);
    throughput.end();
  }
  expect(throughput.typical).toBeCloseTo(10, 1);
});

test('a training that ended before its second word says nothing', () => {
  const throughput = new Throughput(() => 0);
  throughput.begin();
  throughput.progress({ epoch: 1, batch: 1, batches: 10 });
  throughput.end();
  expect(throughput.typical).toBeNull();
});
