/**
 * Made-up studies for specs, the gallery and the benchmark: real events through the real reducer, values from a
 * formula. Nothing here was trained.
 */
import {
  healthReportExamples,
  isActive,
  makeStudyConfig,
  optimizationRequestSchema,
  RandomStream,
  reduceStudy,
  type Mode,
  type NewStudyEvent,
  type Params,
  type Parameter,
  type SearchSpace,
  type StudyEvent,
  type StudyState,
  type TrainingResult,
} from '@onegin/contracts';

export interface SampleStudyChoice {
  readonly trials?: number;
  readonly epochs?: number;
  readonly mode?: Mode;
  readonly trainers?: number;
  /** How many trials, the last ones, still run. */
  readonly running?: number;
  /** Share of the trials that are pruned half way, and that fail. */
  readonly pruned?: number;
  readonly failed?: number;
  readonly seed?: number;
  /** Instead of the standard space. */
  readonly space?: SearchSpace;
}

const START = Date.UTC(2026, 0, 5, 9);

export function sampleStudy(choice: SampleStudyChoice = {}): StudyState {
  let state: StudyState | null = null;
  for (const event of sampleStudyEvents(choice)) state = reduceStudy(state, event);
  return state!;
}

/** The log of such a study, in order. */
export function sampleStudyEvents(choice: SampleStudyChoice = {}): StudyEvent[] {
  const { trials = 60, epochs = 8, mode = 'health', trainers = 3, seed = 1, space } = choice;
  const events: StudyEvent[] = [];
  const write = (at: number, event: NewStudyEvent) =>
    events.push({ ...event, at, seq: events.length + 1 } as StudyEvent);
  const request = optimizationRequestSchema.parse({ dataset: 'mnist-10k', mode, trials, epochs, seed });
  const config = makeStudyConfig(request, {
    jobId: 'sample-study',
    runName: 'sample-study',
    modelKind: 'cnn',
  });
  write(START, { type: 'JobRequested', config: space ? { ...config, space } : config });
  write(START + 50, { type: 'JobStarted' });
  const random = new RandomStream(seed);
  const free = Array.from({ length: trainers }, () => START + 100);
  for (let number = 0; number < trials; number++) {
    const trainer = free.indexOf(Math.min(...free));
    free[trainer] = writeTrial(write, {
      number,
      random,
      at: free[trainer]!,
      trainer,
      choice,
      config: events[0]!,
    });
  }
  return events;
}

interface TrialPlan {
  readonly number: number;
  readonly random: RandomStream;
  readonly at: number;
  readonly trainer: number;
  readonly choice: SampleStudyChoice;
  readonly config: StudyEvent;
}

type Write = (at: number, event: NewStudyEvent) => void;

/** One trial's events; returns when its trainer is free again. */
function writeTrial(write: Write, plan: TrialPlan): number {
  const { number, random, choice } = plan;
  const { trials = 60, epochs = 8, running = 0, pruned = 0.2, failed = 0.04 } = choice;
  const { config } = plan.config as Extract<StudyEvent, { type: 'JobRequested' }>;
  // Later trials stay nearer to what is good, as a search would.
  const params = sampleParams(config.space, random, 0.75 * (number / trials));
  const quality = qualityOf(params, random);
  const secondsPerEpoch = 1.5 + 3 * random.uniform();
  let at = plan.at;
  write(at, {
    type: 'TrainingQueued',
    target: number,
    params,
    seed: number,
    resource: 'cpu',
    untilEpoch: epochs,
    source: 'tpe',
  });
  at += 40;
  write(at, {
    type: 'TrainingStarted',
    target: number,
    trainer: `trainer-${'abcdefghijklmnop'[plan.trainer]}`,
    attempt: 1,
    engine: 'native',
    device: 'cpu',
  });
  const isRunning = number >= trials - running;
  const fate = isRunning ? 'running' : fateOf(random.uniform(), quality, pruned, failed);
  const last =
    fate === 'running'
      ? Math.ceil(epochs / 2)
      : fate === 'pruned'
        ? Math.max(1, Math.floor(epochs / 3))
        : fate === 'failed'
          ? 1
          : epochs;
  for (let epoch = 1; epoch <= last; epoch++) {
    at += 1000 * secondsPerEpoch;
    write(at, {
      type: 'EpochEnded',
      target: number,
      attempt: 1,
      summary: epochSummary(epoch, quality, secondsPerEpoch, random),
    });
  }
  at += 30;
  if (fate === 'pruned')
    write(at, { type: 'TrainingPruned', target: number, reason: 'below the median of earlier trials' });
  if (fate === 'failed')
    write(at, {
      type: 'TrainingFailed',
      target: number,
      code: 'diverged',
      message: 'the loss is not finite',
    });
  if (fate === 'completed')
    write(at, {
      type: 'TrainingCompleted',
      target: number,
      attempt: 1,
      result: resultOf(params, quality, epochs, secondsPerEpoch, random),
      artifacts: [],
    });
  // A trainer whose trial still runs takes no other.
  return fate === 'running' ? Infinity : at + 20;
}

function fateOf(
  draw: number,
  quality: number,
  pruned: number,
  failed: number,
): 'pruned' | 'failed' | 'completed' {
  if (draw < failed) return 'failed';
  return draw < failed + pruned && quality < 0.96 ? 'pruned' : 'completed';
}

function sampleParams(space: SearchSpace, random: RandomStream, focus: number): Params {
  const params: Params = {};
  for (const [name, parameter] of Object.entries(space)) params[name] = sampleValue(parameter, random, focus);
  // Parents stand before or after their children; only when all are drawn can the conditions be judged.
  return Object.fromEntries(Object.entries(params).filter(([name]) => isActive(space, name, params)));
}

function sampleValue(parameter: Parameter, random: RandomStream, focus: number): Params[string] {
  const draw =
    (1 - focus) * random.uniform() + focus * Math.min(1, Math.max(0, 0.55 + 0.12 * random.normal()));
  if (parameter.type === 'categorical') {
    const { choices } = parameter;
    return choices[Math.min(choices.length - 1, Math.floor(draw * choices.length))]!;
  }
  const { low, high, log } = parameter;
  const value = log ? low * (high / low) ** draw : low + draw * (high - low);
  const step = parameter.step ?? (parameter.type === 'int' ? 1 : undefined);
  return step === undefined ? value : Math.min(high, low + Math.round((value - low) / step) * step);
}

/** Best for a learning rate near 2e-3, more filters and little dropout. */
function qualityOf(params: Params, random: RandomStream): number {
  const of = (name: string, otherwise: number) =>
    typeof params[name] === 'number' ? params[name] : otherwise;
  const rate = Math.abs(Math.log10(of('learningRate', 0.002) / 0.002));
  const loss =
    0.012 +
    0.03 * rate ** 2 +
    0.04 * of('dropout', 0) ** 2 +
    0.01 * (1 - of('filters', 16) / 32) +
    0.006 * random.uniform();
  return Math.max(0.1, 1 - loss - (random.uniform() < 0.02 ? 0.5 : 0));
}

const epochSummary = (epoch: number, quality: number, seconds: number, random: RandomStream) => {
  const accuracy = quality - 0.25 * Math.exp(-0.7 * epoch) + 0.003 * random.normal();
  return {
    epoch,
    trainLoss: 1.2 * Math.exp(-0.5 * epoch),
    trainAccuracy: Math.min(1, accuracy + 0.01),
    validationLoss: 1 - accuracy,
    validationAccuracy: Math.min(1, Math.max(0, accuracy)),
    learningRate: 0.001,
    seconds,
    samplesPerSecond: 4000,
  };
};

function resultOf(
  params: Params,
  accuracy: number,
  epochs: number,
  secondsPerEpoch: number,
  random: RandomStream,
): TrainingResult {
  const size =
    3.6 + 1.9 * random.uniform() + (typeof params['filters'] === 'number' ? params['filters'] / 40 : 0);
  const known = (value: number) => ({ known: true as const, value: Math.min(1, Math.max(0, value)) });
  const health = {
    ...healthReportExamples[0]!,
    neuronUtilization: known(0.75 + 0.2 * random.uniform()),
    parameterEfficiency: known(1.35 - size / 7),
    score: null,
  };
  return {
    accuracy,
    trainAccuracy: Math.min(1, accuracy + 0.01),
    loss: 1 - accuracy,
    health,
    parameterCount: Math.round(10 ** size),
    epochs,
    seconds: epochs * secondsPerEpoch,
  };
}

/** Importance as a search would report it for such a study. */
export const sampleImportance = [
  { parameter: 'learningRate', importance: 0.58 },
  { parameter: 'dropout', importance: 0.17 },
  { parameter: 'filters', importance: 0.11 },
  { parameter: 'optimizer', importance: 0.06 },
  { parameter: 'batchSize', importance: 0.04 },
];
