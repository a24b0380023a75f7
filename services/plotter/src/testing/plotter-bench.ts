/** What a spec of the plotter works with: real Redis, a folder store, real plotter processes, no orchestrator. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createArtifactStore, type ArtifactStore } from '@onegin/artifacts';
import {
  plotJobId,
  trainingKey,
  type NewStudyEvent,
  type PlotJob,
  type PlotTarget,
  type StudyEvent,
} from '@onegin/contracts';
import { connectRedis, createLogger, StudyLog, TypedQueue, type RedisConnections } from '@onegin/service-kit';
import { startRedisServer, type RedisServer } from '@onegin/service-kit/testing';
import { sampleStudyEvents, sampleTrialMetrics, type SampleStudyChoice } from '@onegin/charts/testing';

const APPENDED_AT_ONCE = 500;
const LONGEST_WAIT_MS = 100_000;

export interface PlotterProcess {
  readonly child: ChildProcess;
  /** Of its first drawing process, as it says itself; NaN before that. */
  drawingPid(): number;
}

export class PlotterBench {
  readonly redis: RedisConnections;
  readonly log: StudyLog;
  readonly store: ArtifactStore;
  readonly studies: TypedQueue<'studies'>;
  readonly #server: RedisServer;
  readonly #folder: string;
  readonly #queue: TypedQueue<'plots'>;
  readonly #plotters = new Set<ChildProcess>();
  #jobs = 0;

  private constructor(server: RedisServer, folder: string, store: ArtifactStore) {
    this.#server = server;
    this.#folder = folder;
    this.store = store;
    const logger = createLogger({ service: 'spec', level: 'silent' });
    this.redis = connectRedis(server.url, { name: 'spec', logger });
    this.log = new StudyLog(this.redis.blocking);
    this.#queue = new TypedQueue('plots', this.redis.blocking);
    this.studies = new TypedQueue('studies', this.redis.blocking);
  }

  static async open(): Promise<PlotterBench> {
    const folder = await mkdtemp(path.join(tmpdir(), 'onegin-plotter-'));
    const store = await createArtifactStore({ directory: path.join(folder, 'artifacts') });
    return new PlotterBench(await startRedisServer(), folder, store);
  }

  /** Starts a plotter and waits until it listens. */
  async plotter(environment: Record<string, string> = {}): Promise<PlotterProcess> {
    const child = spawn(process.execPath, [path.join(import.meta.dirname, '../main.ts')], {
      env: {
        PATH: process.env['PATH'],
        REDIS_URL: this.#server.url,
        ARTIFACTS_DIR: path.join(this.#folder, 'artifacts'),
        PLOTTER_LOCK: '2s',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#plotters.add(child);
    child.once('exit', () => this.#plotters.delete(child));
    let said = '';
    child.stdout!.on('data', (chunk: Buffer) => (said += chunk.toString()));
    while (!said.includes('"msg":"ready"')) {
      if (child.exitCode !== null) throw new Error(`the plotter ended before it was ready:\n${said}`);
      await delay(20);
    }
    return { child, drawingPid: () => Number(/"pid":(\d+),"msg":"drawing process/.exec(said)?.[1]) };
  }

  /** A running study; its id is also its run's name. */
  async study(choice: SampleStudyChoice = {}): Promise<string> {
    const jobId = `job-plots-${++this.#jobs}`;
    const events = sampleStudyEvents({ trials: 12, ...choice }).map(({ seq: _s, at: _a, ...event }) =>
      event.type === 'JobRequested'
        ? { ...event, config: { ...event.config, jobId, runName: jobId } }
        : event,
    ) as NewStudyEvent[];
    for (let i = 0; i < events.length; i += APPENDED_AT_ONCE) {
      const { refusals } = await this.log.append(jobId, events.slice(i, i + APPENDED_AT_ONCE));
      const refused = refusals.find((refusal) => refusal !== null);
      if (refused) throw new Error(`the sample study was refused: ${refused}`);
    }
    return jobId;
  }

  /** Stores metrics of a trial as a trainer does, or other bytes in their place. */
  metrics(jobId: string, number: number, bytes?: Uint8Array) {
    const body = bytes ?? Buffer.from(JSON.stringify(sampleTrialMetrics()));
    const about = { kind: 'metrics', contentType: 'application/json' };
    return this.store.put(trainingKey(jobId, number, 1, 'metrics.json'), body, about);
  }

  /** Asks for charts as the orchestrator does. */
  async ask(jobId: string, target: PlotTarget, metrics?: PlotJob['metrics'], run = 1): Promise<void> {
    await this.append(jobId, { type: 'PlotsQueued', target, run });
    await this.enqueue(jobId, target, metrics, run);
  }

  enqueue(jobId: string, target: PlotTarget, metrics?: PlotJob['metrics'], run = 1): Promise<void> {
    const job: PlotJob = { jobId, runName: jobId, target, run, ...(metrics && { metrics }) };
    return this.#queue.add(job, { id: plotJobId(jobId, target, run) });
  }

  async append(jobId: string, event: NewStudyEvent): Promise<void> {
    const { refusals } = await this.log.append(jobId, [event]);
    if (refusals[0] !== null) throw new Error(`${event.type} was refused: ${refusals[0]}`);
  }

  /** Waits for an event of the type and gives the events about charts. */
  async until(jobId: string, type: StudyEvent['type'], withinMs = LONGEST_WAIT_MS): Promise<StudyEvent[]> {
    const from = await this.#firstPlots(jobId);
    for (const deadline = Date.now() + withinMs; ; await delay(5)) {
      const events = await this.log.read(jobId, from);
      if (events.some((event) => event.type === type)) return events;
      if (Date.now() > deadline)
        throw new Error(
          `expected ${type} within ${withinMs} ms, found ${events.map((e) => e.type).join(', ')}`,
        );
    }
  }

  /** Charts are asked for after all that the sample holds. */
  async #firstPlots(jobId: string): Promise<number> {
    for (let seq = 0; ;) {
      const events = await this.log.read(jobId, seq);
      const first = events.find(({ type }) => type === 'PlotsQueued');
      if (first) return first.seq - 1;
      if (events.length === 0) return seq;
      seq = events.at(-1)!.seq;
    }
  }

  depth() {
    return this.#queue.depth();
  }

  /** Waits until no task waits or is worked on. */
  async idle(): Promise<void> {
    await within(LONGEST_WAIT_MS, 'the queue to be empty', async () => {
      const { waiting, delayed, active } = await this.depth();
      return waiting + delayed + active === 0;
    });
  }

  async killPlotters(): Promise<void> {
    await Promise.all(
      [...this.#plotters].map((child) => {
        child.kill('SIGKILL');
        return once(child, 'exit');
      }),
    );
  }

  async close(): Promise<void> {
    await this.killPlotters();
    await Promise.all([this.#queue.close(), this.studies.close()]);
    this.redis.close();
    await this.#server.remove();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Waits for something, not for ever: a spec that is given up must not keep looking. */
async function within(ms: number, what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + ms; !(await holds()); await delay(10))
    if (Date.now() > deadline) throw new Error(`waited ${ms / 1000} s for ${what}`);
}

/** Waits until a process that was killed is gone: for a moment it is there, until its parent has seen it. */
export const gone = (pid: number): Promise<void> =>
  within(LONGEST_WAIT_MS, `process ${pid} to end`, () => !isThere(pid));

export function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
