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
  type TrainingTarget,
} from '@onegin/contracts';

export const EVENT_KINDS = Object.keys(studyEventSchemas) as StudyEventType[];

/** What an event is about; types that don't have a field leave it out. */
export interface EventSubject {
  readonly jobId: string;
  /** Of a training; events that only trials have are about trial 0 instead of the final model. */
  readonly target: TrainingTarget;
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
  { jobId, target, attempt, epoch }: EventSubject,
): NewStudyEvent {
  const trial = target === 'final' ? 0 : target;
  const subject = { target, attempt };
  const plots = { target: target === 'final' || target === 2 ? ('study' as const) : target, run: attempt };
  switch (type) {
    case 'JobRequested':
      return { type, config: exampleConfig(jobId) };
    case 'TrainingQueued':
      return {
        type,
        target,
        params,
        seed: 1,
        resource: 'cpu',
        untilEpoch: 3,
        source: 'random',
        ...(target === 'final' && { trial: 0 }),
      };
    case 'TrainingStarted':
      return { type, ...subject, trainer: 'a-trainer', engine: 'test', device: 'test' };
    case 'EpochEnded':
      return { type, ...subject, summary: summary(epoch) };
    case 'TrainingPaused':
      return { type, target: trial, attempt };
    case 'TrainingReleased':
      return { type, ...subject };
    case 'TrainingInterrupted':
      return { type, ...subject, reason: 'lost' };
    case 'TrainingPromoted':
      return { type, target: trial, untilEpoch: epoch };
    case 'TrainingAttemptFailed':
      return { type, ...subject, trainer: 'a-trainer', ...failure };
    case 'TrainingRequeued':
      return { type, target, delayMs: 0, reason: 'again' };
    case 'TrainingPruned':
      return { type, target: trial, reason: 'weak' };
    case 'TrainingCompleted':
      return { type, ...subject, result: exampleResult(), artifacts: [] };
    case 'TrainingFailed':
      return { type, target, ...failure };
    case 'TrainingCancelled':
      return { type, target };
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
