/**
 * Many people watch one study: a real gateway, viewers over WebSocket that each fold what they are sent, and a study
 * whose log gains events at a steady rate.
 *
 *   npm run bench -- live [--viewers 500] [--rate 100] [--seconds 60] [--processes 2]
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { NewStudyEvent } from '@onegin/contracts';
import { connectRedis, createLogger, StudyLog } from '@onegin/service-kit';
import { eventAt, exampleConfig, startRedisServer } from '@onegin/service-kit/testing';
import type { Bench, BenchArgs } from './bench.ts';
import { startGatewayProcess, type GatewayProcess } from './live/gateway-process.ts';
import { Viewers, type ViewersReport } from './live/viewers.ts';

const LIMIT_P99_MS = 300;
const JOB = 'bench-live-study';
const EPOCHS = 30;
const CATCH_UP_MS = 60_000;

const bench: Bench = async (args) => {
  const viewers = args.number('viewers', 500);
  const rate = args.number('rate', 100);
  const { report, expected, events, cpu, rssMb } = await measure(args, viewers, rate);
  const same = report.hashes.filter((hash) => hash === expected).length;
  const p99 = percentile(report, 0.99);
  return {
    title: 'Live events',
    rows: [
      {
        viewers,
        'events a second': rate,
        events,
        'p50, ms': percentile(report, 0.5),
        'p99, ms': p99,
        'most, ms': report.latencies.at(-1)?.[0] ?? 0,
        'same state as the log': `${same} of ${viewers}`,
        'out of sequence': report.wrong,
        snapshots: report.snapshots,
        'gateway, CPU share': Math.round(100 * cpu) / 100,
        'gateway, MB': Math.round(rssMb),
      },
    ],
    notes: [
      'From the time that Redis gave the event to its arrival at a viewer, over all events and viewers; everything runs on one machine, so the viewers’ own work counts too: connections, frames, and folding every event into a state per viewer. A batch, which all are sent alike, is parsed once per process of viewers. The gateway sends one batch per study every 100 ms at most.',
      `Limits: p99 below ${LIMIT_P99_MS} ms, and every viewer ends with the same state as the log, which it was sent in sequence after one snapshot.`,
    ],
    passed: p99 < LIMIT_P99_MS && same === viewers && report.wrong === 0,
  };
};
export default bench;

async function measure(args: BenchArgs, viewers: number, rate: number) {
  const server = await startRedisServer();
  const folder = await mkdtemp(path.join(tmpdir(), 'onegin-bench-'));
  const redis = connectRedis(server.url, {
    name: 'bench',
    logger: createLogger({ service: 'bench', level: 'warn' }),
  });
  const log = new StudyLog(redis.blocking);
  const gateway = await startGatewayProcess({ REDIS_URL: server.url, ARTIFACTS_DIR: folder });
  try {
    const config = exampleConfig(JOB, { trials: 100_000, epochs: EPOCHS });
    await log.append(JOB, [{ type: 'JobRequested', config }, { type: 'JobStarted' }]);
    args.progress('viewers arrive');
    const order = { url: gateway.url, jobId: JOB, viewers };
    const watching = await Viewers.start(order, args.number('processes', 2));
    try {
      args.progress('the study goes on');
      const cpu = await cpuShare(gateway, () => write(log, rate, args.number('seconds', 60)));
      const events = await log.lastSeq(JOB);
      await caughtUp(watching, events);
      const report = await watching.report();
      const rssMb = (await gateway.metric('process_resident_memory_bytes')) / 1e6;
      return { report, expected: await hashOfLog(log), events, cpu, rssMb };
    } finally {
      watching.stop();
    }
  } finally {
    await gateway.stop();
    redis.close();
    await server.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Trials of a study, one event at a time at the given rate. */
async function write(log: StudyLog, rate: number, seconds: number): Promise<void> {
  const begin = performance.now();
  let written = 0;
  for (const event of trials()) {
    if (written >= rate * seconds) return;
    const due = begin + (1000 * written) / rate;
    if (due > performance.now()) await delay(due - performance.now());
    const { refusals } = await log.append(JOB, [event]);
    if (refusals[0]) throw new Error(`${event.type} was refused: ${refusals[0]}`);
    written++;
  }
}

function* trials(): Generator<NewStudyEvent> {
  for (let number = 0; ; number++) {
    const subject = (epoch: number) => ({ jobId: JOB, target: number, attempt: 1, epoch });
    yield eventAt('TrainingQueued', subject(0));
    yield eventAt('TrainingStarted', subject(0));
    for (let epoch = 1; epoch <= EPOCHS; epoch++) yield eventAt('EpochEnded', subject(epoch));
    yield eventAt('TrainingCompleted', subject(EPOCHS));
  }
}

async function caughtUp(viewers: Viewers, seq: number): Promise<void> {
  const deadline = performance.now() + CATCH_UP_MS;
  while ((await viewers.lastSeq()) < seq) {
    if (performance.now() > deadline) throw new Error(`viewers did not come to event ${seq}`);
    await delay(100);
  }
}

async function hashOfLog(log: StudyLog): Promise<string> {
  return createHash('sha256')
    .update(JSON.stringify(await log.load(JOB)))
    .digest('hex');
}

async function cpuShare(gateway: GatewayProcess, work: () => Promise<void>): Promise<number> {
  const used = () => gateway.metric('process_cpu_seconds_total');
  const [before, begin] = [await used(), performance.now()];
  await work();
  return ((await used()) - before) / ((performance.now() - begin) / 1000);
}

function percentile({ latencies }: ViewersReport, share: number): number {
  const total = latencies.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  for (const [ms, count] of latencies) {
    seen += count;
    if (seen >= share * total) return ms;
  }
  return 0;
}
