/** Small valid pieces of a study for specs and documentation. */
import type { HealthReport } from '../health-report.ts';
import { optimizationRequestSchema, type OptimizationRequestInput } from '../request/optimization-request.ts';
import { makeStudyConfig, type StudyConfig } from '../request/study-config.ts';
import { reduceStudy } from '../log/reduce-study.ts';
import type { EpochSummary, NewStudyEvent, StudyEvent, TrainingResult } from '../log/study-event.ts';
import type { StudyState } from '../log/study-state.ts';

export const exampleConfig = (request: Partial<OptimizationRequestInput> = {}): StudyConfig =>
  makeStudyConfig(
    optimizationRequestSchema.parse({ dataset: 'mnist-10k', trials: 3, epochs: 2, seed: 1, ...request }),
    {
      jobId: 'job-example',
      runName: 'mnist-10k_health_example',
      modelKind: 'cnn',
    },
  );

const known = (value: number) => ({ known: true, value }) as const;

export const exampleHealth = (value = 0.8): HealthReport => ({
  neuronUtilization: known(value),
  parameterEfficiency: known(value),
  trainingStability: known(value),
  gradientHealth: known(value),
  convergenceQuality: known(value),
  accuracyConsistency: known(value),
  score: value,
  overfittingGap: 0.01,
  calibrationError: 0.02,
  millisecondsPerSample: 0.1,
});

export const exampleSummary = (epoch: number, validationAccuracy = 0.5): EpochSummary => ({
  epoch,
  trainLoss: 1 / epoch,
  trainAccuracy: validationAccuracy,
  validationLoss: 1 / epoch,
  validationAccuracy,
  learningRate: 0.001,
  seconds: 1,
  samplesPerSecond: 1000,
});

export const exampleResult = (accuracy = 0.9, health = 0.8, parameterCount = 1000): TrainingResult => ({
  accuracy,
  trainAccuracy: accuracy,
  loss: 0.3,
  health: exampleHealth(health),
  parameterCount,
  epochs: 2,
  seconds: 2,
});

export const queuedTrial = (number: number): NewStudyEvent => ({
  type: 'TrainingQueued',
  target: number,
  params: { filters: 8 + number },
  seed: number,
  resource: 'cpu',
  untilEpoch: 2,
  source: 'random',
});

/** The final model, from the parameters of trial 0. */
export const queuedFinalModel: NewStudyEvent = {
  type: 'TrainingQueued',
  target: 'final',
  source: 'best-trial',
  trial: 0,
  params: {},
  seed: 1,
  resource: 'cpu',
  untilEpoch: 2,
};

export const startedTrial = (number: number, attempt = 1): NewStudyEvent => ({
  type: 'TrainingStarted',
  target: number,
  attempt,
  trainer: 'trainer-1',
  engine: 'native',
  device: 'cpu',
});

export const endedEpoch = (
  number: number,
  epoch: number,
  attempt = 1,
  accuracy = epoch / 10,
): NewStudyEvent => ({
  type: 'EpochEnded',
  target: number,
  attempt,
  summary: exampleSummary(epoch, accuracy),
});

export const pausedTrial = (number: number, attempt = 1): NewStudyEvent => ({
  type: 'TrainingPaused',
  target: number,
  attempt,
});

export const completedTrial = (number: number, accuracy = 0.9, attempt = 1): NewStudyEvent => ({
  type: 'TrainingCompleted',
  target: number,
  attempt,
  result: exampleResult(accuracy),
  artifacts: [],
});

/** A trial from the queue to its outcome. */
export const doneTrial = (number: number, accuracy = 0.9): NewStudyEvent[] => [
  queuedTrial(number),
  startedTrial(number),
  completedTrial(number, accuracy),
];

export const failedAttempt = (
  number: number,
  attempt = 1,
  code: 'diverged' | 'out-of-memory' = 'out-of-memory',
): NewStudyEvent => ({
  type: 'TrainingAttemptFailed',
  target: number,
  attempt,
  trainer: 'trainer-1',
  code,
  message: `${code} in step 3`,
});

/** Numbers events as a log would. */
export const logOf = (events: readonly NewStudyEvent[]): StudyEvent[] =>
  events.map((event, index) => ({ ...event, seq: index + 1, at: 1000 * (index + 1) }) as StudyEvent);

/** The state of a study after its request and these events. */
export const studyOf = (
  events: readonly NewStudyEvent[],
  config: StudyConfig = exampleConfig(),
): StudyState =>
  logOf([{ type: 'JobRequested', config }, ...events]).reduce<StudyState | null>(reduceStudy, null)!;
