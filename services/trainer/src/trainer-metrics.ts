/** A trainer's own metrics. */
import { errorCodeSchema } from '@onegin/contracts';
import type { EpochSummary, TrainerHeartbeat, TrainingResult } from '@onegin/contracts';
import { outcomeLabel, SHORT_SECONDS, TRAINING_SECONDS, type Metrics } from '@onegin/service-kit';
import type { AttemptEnd } from './training-attempt.ts';

export interface TrainerMeasures {
  attemptEnded(end: AttemptEnd, seconds: number): void;
  attemptFailed(code: string): void;
  epochEnded(summary: EpochSummary): void;
  trainingCompleted(result: TrainingResult): void;
}

const STATES = ['ready', 'draining', 'withdrawn'] as const;

/** @param status the trainer's heartbeat, read at each scrape */
export function trainerMetrics(metrics: Metrics, status: () => TrainerHeartbeat): TrainerMeasures {
  statusGauges(metrics, status);
  const attempts = metrics.histogram(
    'onegin_training_attempt_seconds',
    'Time from taking a training to letting go of it, by how the attempt ended.',
    TRAINING_SECONDS,
    ['outcome'],
  );
  const failures = metrics.counter('onegin_training_failures_total', 'Attempts that failed, by why.', [
    'code',
  ]);
  const trainings = metrics.histogram(
    'onegin_training_seconds',
    'Training time of a completed trial or final model, all its attempts together.',
    TRAINING_SECONDS,
  );
  const epochs = metrics.histogram('onegin_epoch_seconds', 'Time to train one epoch.', SHORT_SECONDS);
  const samples = metrics.counter('onegin_training_samples_total', 'Samples that were trained on.');
  for (const outcome of ['completed', 'paused', 'failed', 'released', 'superseded'] as const)
    attempts.zero(outcomeLabel(outcome));
  return {
    attemptEnded: (outcome, seconds) => attempts.observe(outcomeLabel(outcome), seconds),
    attemptFailed: (code) => failures.inc({ code: errorCodeSchema.safeParse(code).data ?? 'other' }),
    epochEnded: ({ seconds, samplesPerSecond }) => {
      epochs.observe(seconds);
      samples.inc(seconds * samplesPerSecond);
    },
    trainingCompleted: ({ seconds }) => trainings.observe(seconds),
  };
}

function statusGauges(metrics: Metrics, status: () => TrainerHeartbeat): void {
  const state = metrics.gauge(
    'onegin_trainer_state',
    'The state that the trainer is in: 1, of the others 0.',
    ['state'],
  );
  const busy = metrics.gauge('onegin_trainer_trainings', 'Trainings that are running.');
  const waiting = metrics.gauge(
    'onegin_trainer_waiting',
    'Whether the current training waits because the artifact store is unavailable: 1 or 0.',
  );
  const steps = metrics.gauge(
    'onegin_trainer_steps_per_second',
    'Batches per second of the current training, lately; 0: none is running.',
  );
  const failedInARow = metrics.gauge(
    'onegin_trainer_failures_in_a_row',
    'Different trainings that failed here since one succeeded; at TRAINER_WITHDRAW_AFTER the trainer withdraws.',
  );
  const engine = metrics.gauge(
    'onegin_trainer_engine_info',
    'Always 1; the label says what the trainer computes with.',
    ['engine'],
  );
  metrics.onScrape(async () => {
    const now = status();
    for (const one of STATES) state.set({ state: one }, now.status === one ? 1 : 0);
    busy.set(now.current.length);
    waiting.set(now.waitingFor === undefined ? 0 : 1);
    steps.set(now.stepsPerSecond ?? 0);
    failedInARow.set(now.failedInARow);
    engine.reset();
    engine.set({ engine: now.engine }, 1);
  });
}
