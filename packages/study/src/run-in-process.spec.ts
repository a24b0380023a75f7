import { describe, expect, it } from '@jest/globals';
import {
  makeStudyConfig,
  optimizationRequestSchema,
  type StudyEvent,
  type TrialJob,
} from '@onegin/contracts';
import { runInProcess, type TrainingHooks, type TrainingOutcome } from './run-in-process.ts';

const config = (request: object) =>
  makeStudyConfig(
    optimizationRequestSchema.parse({ dataset: 'mnist-10k', sampler: 'tpe', seed: 1, epochs: 9, ...request }),
    {
      jobId: 'job-in-process',
      runName: 'run-in-process',
      modelKind: 'cnn',
    },
  );

const known = (value: number) => ({ known: true, value }) as const;

/** A formula in place of training: accuracy rises with the epochs towards what the parameters allow. */
function formula(log: TrialJob[], { failWith = (_job: TrialJob): TrainingOutcome | null => null } = {}) {
  const done = new Map<string, number>();
  return async (job: TrialJob, { onEpoch, signal }: TrainingHooks): Promise<TrainingOutcome> => {
    log.push(job);
    const failure = failWith(job);
    if (failure) return failure;
    const rate = Math.log10(Number(job.params['learningRate'] ?? 1e-3));
    const reachable = 1 / (1 + (rate + 2.5) ** 2);
    const key = String(job.target);
    for (let epoch = (done.get(key) ?? 0) + 1; epoch <= job.untilEpoch; epoch++) {
      if (signal.aborted) return { status: 'stopped' };
      done.set(key, epoch);
      const accuracy = reachable * (1 - 0.5 ** epoch);
      const summary = {
        epoch,
        trainLoss: 1 - accuracy,
        trainAccuracy: accuracy,
        validationLoss: 1 - accuracy,
        validationAccuracy: accuracy,
        learningRate: 10 ** rate,
        seconds: 0,
        samplesPerSecond: 0,
      };
      if (onEpoch(summary) === 'stop') return { status: 'stopped' };
    }
    if (job.untilEpoch < job.epochs) return { status: 'paused' };
    const health = {
      neuronUtilization: known(0.5),
      parameterEfficiency: known(0.5),
      trainingStability: known(0.5),
      gradientHealth: known(0.5),
      convergenceQuality: known(0.5),
      accuracyConsistency: known(0.5),
      score: 0.5,
      overfittingGap: 0,
      calibrationError: 0,
      millisecondsPerSample: 0,
    };
    const accuracy = reachable * (1 - 0.5 ** job.epochs);
    return {
      status: 'completed',
      result: {
        accuracy,
        trainAccuracy: accuracy,
        loss: 0,
        health,
        parameterCount: 10,
        epochs: job.epochs,
        seconds: 0,
      },
      artifacts: [],
    };
  };
}

describe('runInProcess', () => {
  it('runs a study to its final model and repeats with its seed', async () => {
    const run = async () => {
      const jobs: TrialJob[] = [];
      const state = await runInProcess({ config: config({ trials: 15 }), train: formula(jobs) });
      return { state, jobs };
    };
    const { state, jobs } = await run();
    expect(state).toMatchObject({ status: 'completed', failure: null, open: [] });
    expect(state.counts.completed).toBe(15);
    expect(state.trials.map(({ number }) => number)).toEqual([...Array(15).keys()]);
    const best = Math.max(...state.trials.map(({ values }) => values![0]!));
    expect(state.trials[state.best!]!.values![0]).toBe(best);
    expect(state.finalModel).toMatchObject({ status: 'completed', trial: state.best });
    expect(jobs.at(-1)).toMatchObject({ target: 'final', params: state.trials[state.best!]!.params });
    const again = await run();
    expect(again.state.trials.map(({ params }) => params)).toEqual(state.trials.map(({ params }) => params));
  });

  it('tries enqueued parameters first', async () => {
    const enqueue = [{ learningRate: 0.003 }, { learningRate: 0.01, filters: 16 }];
    const state = await runInProcess({ config: config({ trials: 3, enqueue }), train: formula([]) });
    expect(state.trials.slice(0, 2).map(({ params, source }) => ({ params, source }))).toEqual(
      enqueue.map((params) => ({ params, source: 'enqueued' })),
    );
  });

  it('retries what can be retried, bounded, and goes on when a trial fails', async () => {
    const state = await runInProcess({
      config: { ...config({ trials: 3 }), retryDelayMs: 1 },
      train: formula([], {
        failWith: ({ target }) =>
          target === 0
            ? { status: 'failed', code: 'out-of-memory', message: 'no memory' }
            : target === 1
              ? { status: 'failed', code: 'diverged', message: 'NaN in step 3' }
              : null,
      }),
    });
    expect(state.trials.map(({ status, attempt }) => [status, attempt])).toEqual([
      ['failed', 3],
      ['failed', 1],
      ['completed', 1],
    ]);
    expect(state.trials[0]!.failure!.message).toBe('no memory (after 3 attempts)');
    expect(state.status).toBe('completed');
  });

  it('fails with the last reason when nothing completes', async () => {
    const state = await runInProcess({
      config: config({ trials: 30 }),
      train: formula([], {
        failWith: () => ({ status: 'failed', code: 'network-impossible', message: 'below one pixel' }),
      }),
    });
    expect(state.status).toBe('failed');
    expect(state.failure).toMatchObject({ code: 'no-trial-completed' });
    expect(state.failure!.message).toMatch(/below one pixel/);
    expect(state.trials.length).toBe(10);
  });

  it('cancels on abort within an epoch', async () => {
    const abort = new AbortController();
    const events: StudyEvent[] = [];
    const state = await runInProcess({
      config: config({ trials: 5 }),
      train: formula([]),
      signal: abort.signal,
      onEvent: (event) => {
        events.push(event);
        if (event.type === 'EpochEnded' && event.target === 1 && event.summary.epoch === 2) abort.abort();
      },
    });
    expect(state.status).toBe('cancelled');
    expect(state.trials[1]).toMatchObject({ status: 'cancelled' });
    expect(state.trials[1]!.epochs.length).toBe(2);
    expect(events.at(-1)!.type).toBe('JobCancelled');
  });

  it('pauses at rungs, promotes, and spends fewer epochs than the full budget', async () => {
    const state = await runInProcess({
      config: config({ trials: 27, pruner: { name: 'asha', minSteps: 1, reduction: 3 } }),
      train: formula([]),
    });
    expect(state.status).toBe('completed');
    expect(state.counts.completed).toBeGreaterThan(0);
    expect(state.counts.completed + state.counts.pruned).toBe(27);
    const epochs = state.trials.reduce((sum, trial) => sum + trial.epochs.length, 0);
    expect(epochs).toBeLessThan(27 * 9 * 0.6);
    for (const trial of state.trials) expect([1, 3, 9]).toContain(trial.epochs.length);
  });

  it('ends the search when the requested rule says so', async () => {
    const stop = { rule: 'no-improvement', trials: 4, startupTrials: 5 };
    const state = await runInProcess({ config: config({ trials: 200, stop }), train: formula([]) });
    expect(state.status).toBe('completed');
    expect(state.trials.length).toBeLessThan(200);
    expect(state.searchEndReason).toMatch(/4/);
  });

  it('prunes weak trials by the median', async () => {
    const state = await runInProcess({
      config: config({ trials: 20, pruner: 'median' }),
      train: formula([]),
    });
    expect(state.counts.pruned).toBeGreaterThan(0);
    expect(state.trials.find(({ status }) => status === 'pruned')!.reason).toMatch(/median/);
  });
});
