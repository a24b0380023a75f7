/** What a simulated training writes into the log: everything a real one does, computed from a recorded curve. */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { trainingKey } from '@onegin/contracts';
import type { ArtifactRef, EpochSummary, NewStudyEvent, TrainingResult, TrialJob } from '@onegin/contracts';
import { recordedAccuracy } from './learning-curves.ts';

export interface Pace {
  /** Time of an epoch in ms, or how to tell; default 0. */
  readonly epochMs?: number | ((job: TrialJob, epoch: number) => number);
  /** Validation accuracy of a trial after an epoch; not finite or an Error: the attempt fails. */
  readonly accuracy?: (job: TrialJob, epoch: number) => number | Error;
  /**
   * Whether events are as large as those of a real training: figures per layer, references to a checkpoint per epoch
   * and to files at the end, none of which exist. Default: no.
   */
  readonly fullSize?: boolean;
}

export interface Simulation extends Pace {
  readonly trainer: string;
  readonly append: (event: NewStudyEvent) => Promise<boolean>;
  /** Aborted when the outcome is decided elsewhere or the task is lost. */
  readonly stop: AbortSignal;
  /** Aborted when the trainer must release what it trains. */
  readonly drain: AbortSignal;
  /** Of the records: attempts so far, epochs done. */
  readonly counter: number;
  readonly epoch: number;
}

export type SimulationEnd = 'ended' | 'stopped' | 'released';

export async function simulate(job: TrialJob, simulation: Simulation): Promise<SimulationEnd> {
  const { trainer, append, stop, drain, accuracy = recordedAccuracy } = simulation;
  const attempt = simulation.counter + 1;
  const subject = { target: job.target, attempt };
  const ended = async (event: NewStudyEvent): Promise<SimulationEnd> =>
    (await append(event)) ? 'ended' : 'stopped';
  if (!(await append({ type: 'TrainingStarted', ...subject, trainer, engine: 'simulated', device: 'none' })))
    return 'stopped';
  let reached: number | null = null;
  for (let epoch = simulation.epoch + 1; epoch <= job.untilEpoch; epoch++) {
    const epochMs = msOf(simulation, job, epoch);
    if (epochMs > 0) await pause(epochMs, [stop, drain]);
    if (stop.aborted) return 'stopped';
    if (drain.aborted)
      return (await append({ type: 'TrainingReleased', ...subject })) ? 'released' : 'stopped';
    const value = accuracy(job, epoch);
    if (value instanceof Error || !Number.isFinite(value)) {
      const message = value instanceof Error ? value.message : `the accuracy is ${value}`;
      return ended({ type: 'TrainingAttemptFailed', ...subject, trainer, code: 'training-failed', message });
    }
    reached = value;
    const summary = summaryOf(epoch, value, epochMs);
    const large = simulation.fullSize
      ? {
          summary: { ...summary, layers: layersOf(epoch, value) },
          checkpoint: reference(job, attempt, `checkpoints/epoch-${epoch}-end.checkpoint`),
        }
      : { summary };
    if (!(await append({ type: 'EpochEnded', ...subject, ...large }))) return 'stopped';
  }
  if (job.target !== 'final' && job.untilEpoch < job.epochs)
    return ended({ type: 'TrainingPaused', target: job.target, attempt });
  reached ??= Number(accuracy(job, job.untilEpoch));
  const seconds = (job.untilEpoch * msOf(simulation, job, job.untilEpoch)) / 1000;
  const files = simulation.fullSize ? FILES.map((file) => reference(job, attempt, file)) : [];
  const result = resultOf(job, reached, seconds);
  return ended({ type: 'TrainingCompleted', ...subject, result, artifacts: files });
}

const msOf = ({ epochMs = 0 }: Pace, job: TrialJob, epoch: number): number =>
  typeof epochMs === 'number' ? epochMs : epochMs(job, epoch);

/** Ends early when a signal is aborted. */
const pause = (ms: number, signals: AbortSignal[]): Promise<void> =>
  delay(ms, undefined, { signal: AbortSignal.any(signals) }).catch(() => undefined);

const summaryOf = (epoch: number, accuracy: number, epochMs: number): EpochSummary => ({
  epoch,
  trainLoss: four(1 - accuracy),
  trainAccuracy: four(accuracy),
  validationLoss: four(1 - accuracy),
  validationAccuracy: accuracy,
  learningRate: 0.001,
  seconds: epochMs / 1000,
  samplesPerSecond: 0,
});

/** As many digits as a real summary has. */
const four = (value: number): number => Number(value.toPrecision(4));

const LAYERS = ['conv_1', 'conv_2', 'conv_3', 'dense_1', 'dense_2', 'output'];
/** What a real trial leaves. */
const FILES = ['metrics.json', 'architecture.json', 'hyperparameters.yaml', 'weights.bin', 'events.tfevents'];

function layersOf(epoch: number, accuracy: number): NonNullable<EpochSummary['layers']> {
  const figure = (i: number): number => four(Math.abs(Math.sin(epoch * 31 + i * 7 + accuracy)));
  return Object.fromEntries(
    LAYERS.map((name, i) => [name, [figure(4 * i), figure(4 * i + 1) / 100, figure(4 * i + 2), 0] as const]),
  ) as unknown as NonNullable<EpochSummary['layers']>;
}

function reference({ runName, target }: TrialJob, attempt: number, file: string): ArtifactRef {
  const key = trainingKey(runName, target, attempt, file);
  const sha256 = createHash('sha256').update(key).digest('hex');
  return { kind: file, key, bytes: 100_000 + file.length, sha256, contentType: 'application/octet-stream' };
}

function resultOf(job: TrialJob, accuracy: number, seconds: number): TrainingResult {
  const unknown = { known: false, value: null, reason: 'simulated' } as const;
  return {
    accuracy,
    trainAccuracy: accuracy,
    loss: 1 - accuracy,
    health: {
      neuronUtilization: unknown,
      parameterEfficiency: unknown,
      trainingStability: unknown,
      gradientHealth: unknown,
      convergenceQuality: unknown,
      accuracyConsistency: unknown,
      score: null,
      overfittingGap: null,
      calibrationError: null,
      millisecondsPerSample: null,
    },
    parameterCount: 1000 + (job.seed % 1000),
    epochs: job.untilEpoch,
    seconds,
  };
}
