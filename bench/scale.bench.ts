/**
 * How a study scales with its trainers: the speed-up over one trainer, with trials of equal length. Trainers are
 * simulated (each a real worker on the real queue, writing real events); orchestrator and Redis are the real ones.
 * All of it shares one machine: it is to be idle otherwise. At full size it takes about three minutes.
 *
 *   npm run bench -- scale [--trainers 6,64,256] [--per-trainer 12] [--ms 2000] [--sampler auto] [--plots 0]
 *
 * What orchestration costs per trial, and Redis's memory, at 10,000 trials: `npm run bench -- orchestration`.
 */
import { samplerNameSchema } from '@onegin/contracts';
import type { Bench } from './bench.ts';
import { measureSpeed } from './scale/speed-up.ts';

/** Speed-up that must be reached, by trainers. */
const LIMITS: Readonly<Record<number, number>> = { 6: 5.8, 64: 60, 256: 220 };
/** One trainer's study is short: its trials follow each other, and all take the same time. */
const TRIALS_OF_ONE = 8;

const bench: Bench = async (args) => {
  const sampler = samplerNameSchema.parse(args.list('sampler', ['auto'])[0]);
  const trialMs = args.number('ms', 2000);
  const plots = args.number('plots', 0) === 1;
  const perTrainer = args.number('per-trainer', 12);
  const run = { trialMs, sampler, plots };
  args.progress('1 trainer');
  const one = await measureSpeed({ ...run, trainers: 1, trials: TRIALS_OF_ONE });
  const rows = [rowOf(1, one, one)];
  for (const trainers of args.list('trainers', ['6', '64', '256']).map(Number)) {
    args.progress(`${trainers} trainers`);
    rows.push(rowOf(trainers, await measureSpeed({ ...run, trainers, trials: trainers * perTrainer }), one));
  }
  return {
    title: 'Speed-up with many trainers',
    rows,
    notes: [
      `Trials of ${trialMs} ms in two epochs, sampler ${sampler}, charts ${plots ? 'asked for' : 'not asked for'}; ${perTrainer} trials per trainer, from the first start to the last end by Redis's clock. All trainers begin at once and their trials end at once: the first waves wait for the sampler together, later ones are spread. Everything runs on the same cores.`,
      'CPU is user and system time per trial: of the orchestrator (asking included), of the processes that simulate the trainers, and of Redis. Asking is wall time of one asking, of one or several trials, in a thread of its own.',
      `Limits: ${Object.entries(LIMITS)
        .map(([trainers, limit]) => `${limit} with ${trainers}`)
        .join(', ')}.`,
    ],
    passed: rows.every(({ holds }) => holds !== false),
  };
};
export default bench;

function rowOf(
  trainers: number,
  speed: Awaited<ReturnType<typeof measureSpeed>>,
  one: Awaited<ReturnType<typeof measureSpeed>>,
) {
  const speedUp = speed.trialsPerSecond / one.trialsPerSecond;
  const limit = LIMITS[trainers];
  return {
    trainers,
    trials: speed.trials,
    seconds: round(speed.seconds),
    'speed-up': round(speedUp),
    limit: limit ?? '–',
    holds: limit === undefined ? '–' : speedUp >= limit,
    'orchestrator, CPU ms': round(speed.orchestratorMs),
    'trainers, CPU ms': round(speed.trainersMs),
    'Redis, CPU ms': round(speed.redisMs),
    'asking, ms': round(speed.askMs),
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;
