/**
 * What orchestration costs: CPU time of a real orchestrator process per trial, with trainers and a plotter that are
 * simulated (they take real queue entries, write real events, and compute a formula).
 *
 *   npm run bench -- orchestration [--trials 500] [--slots 8] [--epochs 3] [--sampler random]
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { jobEnded, redisKeys, samplerNameSchema } from '@onegin/contracts';
import { connectRedis, createLogger, requestAdvance, StudyLog, TypedQueue } from '@onegin/service-kit';
import { exampleConfig, startRedisServer } from '@onegin/service-kit/testing';
import { startSimulatedPlotter, startSimulatedTrainer } from '@onegin/simulation';
import type { Bench, BenchArgs, BenchResult } from './bench.ts';

const LIMIT_MS = 10;
/** Last tenth against the second; the first one pays for compilation. */
const LIMIT_GROWTH = 1.5;
const JOB = 'bench-orchestration';
const main = fileURLToPath(new URL('../services/orchestrator/src/main.ts', import.meta.url));

interface Point {
  readonly trials: number;
  readonly cpuMs: number;
}

interface Run {
  readonly points: readonly Point[];
  readonly events: number;
  readonly seconds: number;
}

const bench: Bench = async (args) => {
  const trials = args.number('trials', 500);
  const sampler = samplerNameSchema.parse(args.list('sampler', ['random'])[0]);
  const run = await measure(args, { trials, sampler });
  const cost = (from: number, to: number): number => {
    const [a, b] = [run.points[from]!, run.points[to]!];
    return (b.cpuMs - a.cpuMs) / (b.trials - a.trials);
  };
  const [all, first, second, last] = [cost(0, 10), cost(0, 1), cost(1, 2), cost(9, 10)];
  return {
    title: 'Orchestration per trial',
    rows: [
      {
        trials,
        sampler,
        'CPU ms per trial': round(all),
        'first tenth': round(first),
        'second tenth': round(second),
        'last tenth': round(last),
        'last / second': round(last / second),
        'events per trial': round(run.events / trials),
        'trials per second': round(trials / run.seconds),
      },
    ],
    notes: [
      `CPU time (user and system) of one orchestrator process, whole chain with charts asked for; limits: ${LIMIT_MS} ms per trial, last tenth at most ${LIMIT_GROWTH} times the second.`,
      'Trainers and plotter are simulated: no network is trained. The sampler is part of the cost; `random` costs next to nothing.',
    ],
    passed: all < LIMIT_MS && last < LIMIT_GROWTH * second,
  } satisfies BenchResult;
};
export default bench;

const round = (value: number): number => Math.round(value * 100) / 100;

async function measure(
  args: BenchArgs,
  { trials, sampler }: { trials: number; sampler: ReturnType<typeof samplerNameSchema.parse> },
): Promise<Run> {
  const logger = createLogger({ service: 'bench', level: 'warn' });
  const server = await startRedisServer();
  const folder = await mkdtemp(path.join(tmpdir(), 'onegin-bench-'));
  const orchestrator = await startOrchestrator(server.url, folder);
  const redis = connectRedis(server.url, { name: 'bench', logger });
  const trainer = await startSimulatedTrainer({
    redisUrl: server.url,
    logger,
    slots: args.number('slots', 8),
    lockMs: 30_000,
  });
  const plotter = await startSimulatedPlotter({ redisUrl: server.url, logger });
  try {
    const log = new StudyLog(redis.patient);
    const config = exampleConfig(JOB, { trials, epochs: args.number('epochs', 3), sampler });
    const begin = performance.now();
    const points: Point[] = [{ trials: 0, cpuMs: await orchestrator.cpuMs() }];
    await log.append(JOB, [{ type: 'JobRequested', config }]);
    await requestAdvance(new TypedQueue('studies', redis.patient), JOB);
    while (points.length < 11) {
      await delay(5);
      const [status] = await log.jobStatuses([JOB]);
      const queued = Number(await redis.patient.hget(redisKeys.trials(JOB), 'count'));
      const ended = status !== null && status !== undefined && jobEnded(status);
      if (ended && status !== 'completed')
        throw new Error(`expected the study to complete, it has ${status}`);
      // The last tenth lasts until the study has ended.
      if (points.length < 10 ? queued < (trials * points.length) / 10 : !ended) continue;
      points.push({ trials: ended ? trials : queued, cpuMs: await orchestrator.cpuMs() });
      args.progress(`${queued} of ${trials} trials`);
    }
    return { points, events: await log.lastSeq(JOB), seconds: (performance.now() - begin) / 1000 };
  } finally {
    await Promise.all([trainer.close(), plotter.close(), orchestrator.stop()]);
    redis.close();
    await server.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

async function startOrchestrator(
  redisUrl: string,
  folder: string,
): Promise<{ cpuMs(): Promise<number>; stop(): Promise<void> }> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    REDIS_URL: redisUrl,
    ARTIFACTS_DIR: folder,
    HEALTH_PORT: '0',
  };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let port = 0;
  for await (const text of createInterface({ input: child.stdout })) {
    const line = JSON.parse(text) as { msg: string; port?: number };
    port = line.port ?? port;
    if (line.msg === 'ready') break;
  }
  // Nobody reads on, and a full pipe would block the process.
  child.stdout.resume();
  return {
    cpuMs: async () => {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      const seconds = /^process_cpu_seconds_total\{[^}]*\} (\S+)/m.exec(text)?.[1];
      if (seconds === undefined) throw new Error('expected process_cpu_seconds_total among the metrics');
      return Number(seconds) * 1000;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
