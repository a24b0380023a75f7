/** One plausible event of every type, for specs of what appends and folds them. */
import {
  makeStudyConfig,
  optimizationRequestSchema,
  studyEventSchemas,
  type NewStudyEvent,
  type OptimizationRequestInput,
  type StudyConfig,
  type StudyEventType,
  type TrainingResult,
} from '@onegin/contracts';

export const EVENT_KINDS = Object.keys(studyEventSchemas) as StudyEventType[];

/** What an event is about; types that don't have a field leave it out. */
export interface EventSubject {
  readonly jobId: string;
  readonly number: number;
  /** Attempt of a training, run of charts. */
  readonly attempt: number;
  /** Epoch of a training, number of charts done. */
  readonly epoch: number;
}

export const exampleConfig = (jobId: string, request: Partial<OptimizationRequestInput> = {}): StudyConfig =>
  makeStudyConfig(optimizationRequestSchema.parse({ dataset: 'mnist-10k', seed: 1, ...request }), {
    jobId,
    runName: `run-${jobId}`,
    modelKind: 'cnn',
  });

const metric = { known: true, value: 0.8 } as const;

export const exampleResult = (accuracy = 0.9, epochs = 1): TrainingResult => ({
  accuracy,
  trainAccuracy: accuracy,
  loss: 1 - accuracy,
  health: {
    neuronUtilization: metric,
    parameterEfficiency: metric,
    trainingStability: metric,
    gradientHealth: metric,
    convergenceQuality: metric,
    accuracyConsistency: metric,
    score: 0.8,
    overfittingGap: 0,
    calibrationError: 0.1,
    millisecondsPerSample: 0.1,
  },
  parameterCount: 1000,
  epochs,
  seconds: 0.1,
});

const summary = (epoch: number) => ({
  epoch,
  trainLoss: 0.5,
  trainAccuracy: 0.8,
  validationLoss: 0.5,
  validationAccuracy: 0.8,
  learningRate: 0.001,
  seconds: 0.1,
  samplesPerSecond: 1000,
});

const failure = { code: 'training-failed', message: 'a test says so' } as const;
const params = { learningRate: 0.001 };

export function eventAt(
  type: StudyEventType,
  { jobId, number, attempt, epoch }: EventSubject,
): NewStudyEvent {
  const queued = { params, seed: 1, resource: 'cpu', untilEpoch: 3 } as const;
  const started = { trainer: 'a-trainer', attempt, engine: 'test', device: 'test' };
  const failed = { attempt, trainer: 'a-trainer', ...failure };
  const result = { attempt, result: exampleResult(), artifacts: [] };
  const plots = { target: number === 2 ? ('study' as const) : number, run: attempt };
  switch (type) {
    case 'JobRequested':
      return { type, config: exampleConfig(jobId) };
    case 'TrialQueued':
      return { type, number, ...queued, source: 'random' };
    case 'FinalModelQueued':
      return { type, trial: number, ...queued };
    case 'TrialStarted':
      return { type, number, ...started };
    case 'FinalModelStarted':
      return { type, ...started };
    case 'EpochEnded':
      return { type, number, attempt, summary: summary(epoch) };
    case 'FinalModelProgressed':
      return { type, attempt, summary: summary(epoch) };
    case 'TrialPaused':
    case 'TrialHandedBack':
      return { type, number, attempt };
    case 'FinalModelHandedBack':
      return { type, attempt };
    case 'TrialInterrupted':
      return { type, number, attempt, reason: 'lost' };
    case 'FinalModelInterrupted':
      return { type, attempt, reason: 'lost' };
    case 'TrialPromoted':
      return { type, number, untilEpoch: epoch };
    case 'TrialAttemptFailed':
      return { type, number, ...failed };
    case 'FinalModelAttemptFailed':
      return { type, ...failed };
    case 'TrialRequeued':
      return { type, number, delayMs: 0, reason: 'again' };
    case 'FinalModelRequeued':
      return { type, delayMs: 0, reason: 'again' };
    case 'TrialPruned':
      return { type, number, reason: 'weak' };
    case 'TrialCompleted':
      return { type, number, ...result };
    case 'FinalModelReady':
      return { type, ...result };
    case 'TrialFailed':
      return { type, number, ...failure };
    case 'TrialCancelled':
      return { type, number };
    case 'FinalModelFailed':
    case 'JobFailed':
      return { type, ...failure };
    case 'PlotsQueued':
      return { type, ...plots };
    case 'PlotsProgressed':
      return { type, ...plots, chart: 'history', done: epoch, total: 9 };
    case 'PlotsReady':
      return { type, ...plots, artifacts: [] };
    case 'PlotsFailed':
      return { type, ...plots, ...failure };
    case 'SearchEnded':
      return { type, reason: 'enough' };
    case 'Warning':
      return { type, code: 'a-warning', message: 'mind' };
    case 'JobStarted':
    case 'JobCompleted':
    case 'JobCancelled':
    case 'CancelRequested':
      return { type };
  }
}
