/** A study written by hand, trial by trial, through the real reducer: for specs that name their values. */
import {
  healthReportExamples,
  makeStudyConfig,
  optimizationRequestSchema,
  reduceStudy,
  type HealthReport,
  type Mode,
  type NewStudyEvent,
  type Params,
  type SearchSpace,
  type StudyEvent,
  type StudyState,
} from '@onegin/contracts';

export interface HandTrial {
  readonly params?: Params;
  /** Validation accuracy of the result. */
  readonly accuracy?: number;
  readonly parameterCount?: number;
  readonly health?: HealthReport;
  readonly status?: 'completed' | 'pruned' | 'failed' | 'running' | 'queued';
  /** Accuracy of each epoch, a second each. */
  readonly epochs?: readonly (number | null)[];
  readonly trainer?: string;
  /** Seconds after the study's start; one trial after another without it. */
  readonly at?: number;
}

export const handSpace: SearchSpace = {
  lr: { type: 'float', low: 1e-4, high: 1e-1, log: true },
  units: { type: 'int', low: 16, high: 64, step: 16 },
  optimizer: { type: 'categorical', choices: ['sgd', 'adam'] },
  momentum: { type: 'float', low: 0, high: 0.9, when: { param: 'optimizer', in: ['sgd'] } },
};

const START = Date.UTC(2026, 0, 5);

export function handStudy(
  trials: readonly HandTrial[],
  { mode = 'simple', space = handSpace }: { mode?: Mode; space?: SearchSpace } = {},
): StudyState {
  const request = optimizationRequestSchema.parse({
    dataset: 'mnist-10k',
    mode,
    trials: Math.max(1, trials.length),
    seed: 1,
  });
  const config = makeStudyConfig(request, { jobId: 'hand-study', runName: 'hand-study', modelKind: 'cnn' });
  let state: StudyState | null = null;
  let seq = 0;
  const write = (seconds: number, event: NewStudyEvent) => {
    state = reduceStudy(state, { ...event, seq: ++seq, at: START + 1000 * seconds } as StudyEvent);
  };
  write(0, { type: 'JobRequested', config: { ...config, space } });
  write(0, { type: 'JobStarted' });
  let next = 0;
  trials.forEach((trial, number) => {
    const at = trial.at ?? next;
    next = at + (trial.epochs?.length ?? 1);
    writeTrial(write, number, trial, at);
  });
  return state!;
}

function writeTrial(
  write: (seconds: number, event: NewStudyEvent) => void,
  number: number,
  trial: HandTrial,
  at: number,
): void {
  const {
    params = { lr: 0.01, units: 32, optimizer: 'adam' },
    status = 'completed',
    epochs = [],
    trainer = 'trainer-a',
  } = trial;
  write(at, {
    type: 'TrainingQueued',
    target: number,
    params,
    seed: 1,
    resource: 'cpu',
    untilEpoch: 5,
    source: 'random',
  });
  if (status === 'queued') return;
  write(at, {
    type: 'TrainingStarted',
    target: number,
    trainer,
    attempt: 1,
    engine: 'native',
    device: 'cpu',
  });
  epochs.forEach((accuracy, i) => {
    const summary = {
      epoch: i + 1,
      trainLoss: 1,
      trainAccuracy: 0.5,
      validationLoss: 1,
      validationAccuracy: accuracy,
      learningRate: 0.01,
      seconds: 1,
      samplesPerSecond: 1,
    };
    write(at + i + 1, { type: 'EpochEnded', target: number, attempt: 1, summary });
  });
  const end = at + Math.max(1, epochs.length);
  if (status === 'pruned') write(end, { type: 'TrainingPruned', target: number, reason: 'weak' });
  if (status === 'failed')
    write(end, { type: 'TrainingFailed', target: number, code: 'diverged', message: 'not finite' });
  if (status === 'completed')
    write(end, {
      type: 'TrainingCompleted',
      target: number,
      attempt: 1,
      artifacts: [],
      result: resultOf(trial),
    });
}

const resultOf = ({
  accuracy = 0.5,
  parameterCount = 1000,
  health = healthReportExamples[0]!,
}: HandTrial) => ({
  accuracy,
  trainAccuracy: accuracy,
  loss: 1,
  health,
  parameterCount,
  epochs: 1,
  seconds: 1,
});
