import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { StudyEvent } from '@onegin/contracts';
import { artifactFaults, logFaults } from '../support/check-log.ts';
import { Onegin, smallCnn } from '../support/onegin.ts';

jest.setTimeout(300_000);

const WITHIN_MS = 240_000;
const request = { dataset: 'mnist-10k', trials: 4, epochs: 3, seed: 7, searchSpace: smallCnn } as const;
const epochs = (events: readonly StudyEvent[]) => events.filter(({ type }) => type === 'EpochEnded').length;

/** Kills happen to a study that is under way; it completes as if nothing had been. */
describe('a study survives', () => {
  let onegin: Onegin;
  beforeAll(async () => {
    onegin = await Onegin.start({
      trainers: 2,
      env: {
        TRAINER_LOCK: '3s',
        PLOTTER_LOCK: '3s',
        STALL_CHECK_INTERVAL: '2s',
        RECONCILE_INTERVAL: '2s',
        TRAINER_THREADS: '1',
      },
    });
  });
  afterAll(() => onegin.stop());

  async function survives(disturb: (jobId: string) => Promise<void>): Promise<StudyEvent[]> {
    const jobId = await onegin.optimize(request);
    await onegin.until(jobId, (events) => epochs(events) >= 2, WITHIN_MS);
    await disturb(jobId);
    const events = await onegin.ended(jobId, WITHIN_MS);
    expect(logFaults(events)).toEqual([]);
    expect(await artifactFaults(events, onegin.store)).toEqual([]);
    expect(await onegin.job(jobId)).toMatchObject({ status: 'completed', progress: { completedTrials: 4 } });
    return events;
  }

  it('a trainer killed in the middle of an epoch', async () => {
    await survives(async () => onegin.kill('trainer-1'));
  });

  it('the orchestrator killed', async () => {
    await survives(async () => onegin.kill('orchestrator'));
  });

  it('the gateway killed', async () => {
    await survives(async () => onegin.kill('gateway'));
  });

  it('the plotter killed', async () => {
    await survives(async () => onegin.kill('plotter'));
  });

  it('Redis ended and started again', async () => {
    await survives(async () => {
      onegin.kill('redis', 'SIGTERM');
      await delay(500);
    });
  });

  it('a trainer told to end: its trial goes on elsewhere', async () => {
    const events = await survives(async () => onegin.kill('trainer-2', 'SIGTERM'));
    expect(events.some(({ type }) => type === 'TrialHandedBack' || type === 'FinalModelHandedBack')).toBe(
      true,
    );
  });
});
