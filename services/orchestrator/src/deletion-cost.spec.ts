import { describe, expect, test } from '@jest/globals';
import type { TrainerHeartbeat } from '@onegin/contracts';
import { createLogger } from '@onegin/service-kit';
import { DELETION_COST, DeletionCost } from './deletion-cost.ts';

const logger = createLogger({ service: 'spec', level: 'silent' });
const trainer = (id: string, busy: boolean): TrainerHeartbeat => ({
  id,
  host: id,
  pid: 1,
  resource: 'gpu',
  engine: 'native',
  device: 'gpu',
  slots: 1,
  status: 'ready',
  current: busy ? [{ jobId: 'job-some', target: 0, epoch: 1, epochs: 3 }] : [],
  stepsPerSecond: null,
  samplesPerSecond: null,
  completed: 0,
  failedInARow: 0,
  failed: 0,
  startedAt: 1,
  at: 1,
  simulated: false,
});

describe('the cost of taking a trainer away', () => {
  test('is high while it trains, and written when it changes only', async () => {
    const written: string[] = [];
    const cost = new DeletionCost(async (pod, annotations) => {
      written.push(`${pod}=${annotations[DELETION_COST]}`);
    }, logger);
    await cost.follow([trainer('a', true), trainer('b', false)]);
    await cost.follow([trainer('a', true), trainer('b', false)]);
    await cost.follow([trainer('a', false), trainer('b', true)]);
    expect(written).toEqual(['a=1000', 'b=0', 'a=0', 'b=1000']);
    await cost.follow([]);
    await cost.follow([trainer('a', false)]);
    expect(written.at(-1)).toBe('a=0');
  });

  test('is written again after a failure, and one pod’s failure is not another’s', async () => {
    let failing = true;
    const written: string[] = [];
    const cost = new DeletionCost((pod) => {
      if (pod === 'a' && failing) return Promise.reject(new Error('no'));
      written.push(pod);
      return Promise.resolve();
    }, logger);
    await cost.follow([trainer('a', true), trainer('b', true)]);
    failing = false;
    await cost.follow([trainer('a', true), trainer('b', true)]);
    expect(written).toEqual(['b', 'a']);
  });
});
