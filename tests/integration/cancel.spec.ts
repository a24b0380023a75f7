import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { OptimizationRequestInput, StudyEvent, TrainerHeartbeat } from '@onegin/contracts';
import { logFaults } from '../support/check-log.ts';
import { lingering } from '../support/lingering.ts';
import { Onegin, smallCnn } from '../support/onegin.ts';

jest.setTimeout(300_000);

const WITHIN_MS = 120_000;
const base: OptimizationRequestInput = {
  dataset: 'mnist-10k',
  sampler: 'random',
  seed: 5,
  searchSpace: smallCnn,
};
const has = (type: StudyEvent['type']) => (events: readonly StudyEvent[]) =>
  events.some((event) => event.type === type);

describe('a cancel', () => {
  let onegin: Onegin;
  const figures: Record<string, { cancelledMs: number; freeMs: number }> = {};
  beforeAll(async () => {
    onegin = await Onegin.start({ trainers: 2, env: { TRAINER_HEARTBEAT: '200ms', TRAINER_THREADS: '1' } });
  });
  afterAll(async () => {
    await onegin.stop();
    console.info(
      `ms from the request until the log says cancelled, and until nobody works on it: ${JSON.stringify(figures)}`,
    );
  });

  const workedOn = async (jobId: string): Promise<boolean> => {
    const { trainers } = await onegin.ask<{ trainers: TrainerHeartbeat[] }>('trainers');
    const left = await lingering(onegin.stack.redisUrl);
    return (
      trainers.some(({ current }) => current.some((training) => training.jobId === jobId)) ||
      left.some((entry) => entry.includes(jobId))
    );
  };

  /** Cancels and waits until nobody works on the job and no queue knows it. */
  async function cancel(name: string, jobId: string): Promise<StudyEvent[]> {
    const asked = performance.now();
    await onegin.ask(`jobs/${jobId}/cancel`, { method: 'POST' });
    await onegin.until(jobId, has('JobCancelled'), WITHIN_MS);
    const cancelledMs = Math.round(performance.now() - asked);
    while (await workedOn(jobId)) await delay(50);
    figures[name] = { cancelledMs, freeMs: Math.round(performance.now() - asked) };
    const events = await onegin.events(jobId);
    expect(logFaults(events)).toEqual([]);
    expect(events.at(-1)!.type).toBe('JobCancelled');
    expect(await onegin.job(jobId)).toMatchObject({
      status: 'cancelled',
      progress: { statusMessage: 'Job cancelled' },
    });
    return events;
  }

  it('reaches trials that train and trials that wait', async () => {
    const training = await onegin.optimize({ ...base, trials: 4, epochs: 200 });
    await onegin.until(training, (events) => events.filter(is('EpochEnded')).length >= 2, WITHIN_MS);
    const waiting = await onegin.optimize({ ...base, trials: 4, epochs: 1 });
    await onegin.until(waiting, has('TrainingQueued'), WITHIN_MS);
    const untouched = await cancel('waiting', waiting);
    expect(untouched.some(is('TrainingStarted'))).toBe(false);
    await cancel('training', training);
  });

  it('reaches trials that are paused', async () => {
    const pruner = { name: 'asha', minSteps: 1, reduction: 4 } as const;
    const jobId = await onegin.optimize({ ...base, trials: 8, epochs: 16, pruner });
    await onegin.until(jobId, has('TrainingPaused'), WITHIN_MS);
    await cancel('paused', jobId);
  });

  it('reaches charts', async () => {
    const jobId = await onegin.optimize({ ...base, trials: 4, epochs: 1 });
    await onegin.until(jobId, has('PlotsProgressed'), WITHIN_MS);
    await cancel('charts', jobId);
  });

  it('reaches the final model', async () => {
    const jobId = await onegin.optimize({ ...base, trials: 1, epochs: 6 });
    const ofFinal = (type: StudyEvent['type']) => (event: StudyEvent) =>
      event.type === type && 'target' in event && event.target === 'final';
    await onegin.until(jobId, (events) => events.some(ofFinal('EpochEnded')), WITHIN_MS);
    const events = await cancel('final model', jobId);
    expect(events.some(ofFinal('TrainingCompleted'))).toBe(false);
    expect(events.some(ofFinal('TrainingCancelled'))).toBe(true);
  });
});

const is =
  (type: StudyEvent['type']) =>
  (event: StudyEvent): boolean =>
    event.type === type;
