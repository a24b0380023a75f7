/** How much faster a study is with many trainers than with one, all trials taking equally long. */
import { setTimeout as delay } from 'node:timers/promises';
import { exampleConfig } from '@onegin/service-kit/testing';
import { spawnTrainers, startSimulatedPlotter } from '@onegin/simulation';
import type { SamplerName } from '@onegin/contracts';
import { startStudyStack, type StudyStack } from './study-stack.ts';

export interface SpeedRun {
  readonly trainers: number;
  readonly trials: number;
  readonly trialMs: number;
  readonly sampler: SamplerName;
  readonly plots: boolean;
}

export interface Speed {
  readonly trials: number;
  /** From the first trial's start to the last one's end. */
  readonly seconds: number;
  readonly trialsPerSecond: number;
  /** CPU per trial of each part. */
  readonly orchestratorMs: number;
  readonly trainersMs: number;
  readonly redisMs: number;
  /** Mean wall time of one asking, of one or several trials. */
  readonly askMs: number;
}

const EPOCHS = 2;
/** Workers that one process serves without being a bottleneck itself. */
const TRAINERS_PER_PROCESS = 128;

export async function measureSpeed(run: SpeedRun): Promise<Speed> {
  const stack = await startStudyStack({ PLOTS: String(run.plots) });
  const jobId = `speed-${run.trainers}`;
  const trainers = await spawnTrainers(
    { redisUrl: stack.redisUrl, trainers: run.trainers, epochMs: run.trialMs / EPOCHS },
    Math.ceil(run.trainers / TRAINERS_PER_PROCESS),
  );
  const plotter = run.plots
    ? await startSimulatedPlotter({ redisUrl: stack.redisUrl, logger: stack.logger })
    : null;
  try {
    await known(stack, run.trainers);
    const before = await used(stack, trainers);
    await stack.request(
      exampleConfig(jobId, { trials: run.trials, epochs: EPOCHS, sampler: run.sampler, mode: 'simple' }),
    );
    await stack.completed(jobId);
    const after = await used(stack, trainers);
    const seconds = await searchSeconds(stack, jobId);
    const per = (part: keyof Used): number => ((after[part] - before[part]) * 1000) / run.trials;
    return {
      trials: run.trials,
      seconds,
      trialsPerSecond: run.trials / seconds,
      orchestratorMs: per('orchestrator'),
      trainersMs: per('trainers'),
      redisMs: per('redis'),
      askMs: (1000 * (after.asking - before.asking)) / (after.asks - before.asks),
    };
  } finally {
    await plotter?.close();
    await trainers.stop();
    await stack.stop();
  }
}

/** What the orchestrator knows of the trainers is a second old at most; a study that begins sooner begins alone. */
async function known(stack: StudyStack, trainers: number): Promise<void> {
  while ((await stack.metric('onegin_trainer_slots')) < trainers) await delay(100);
  await delay(1000);
}

interface Used {
  readonly orchestrator: number;
  readonly trainers: number;
  readonly redis: number;
  readonly asking: number;
  readonly asks: number;
}

const used = async (stack: StudyStack, trainers: { cpuSeconds(): Promise<number> }): Promise<Used> => ({
  orchestrator: await stack.metric('process_cpu_seconds_total'),
  trainers: await trainers.cpuSeconds(),
  redis: await stack.redisCpuSeconds(),
  asking: await stack.metric('onegin_ask_seconds_sum'),
  asks: await stack.metric('onegin_ask_seconds_count'),
});

/** By Redis's clock, in the log. */
async function searchSeconds(stack: StudyStack, jobId: string): Promise<number> {
  const events = await stack.events(jobId);
  const first = events.find(({ type }) => type === 'TrainingStarted');
  const last = events.findLast((event) => event.type === 'TrainingCompleted' && event.target !== 'final');
  if (!first || !last) throw new Error('expected trials in the log, found none');
  return (last.at - first.at) / 1000;
}
