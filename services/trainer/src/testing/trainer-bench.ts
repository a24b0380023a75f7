/** What a spec of the trainer works with: real Redis, a folder store, real trainer processes, no orchestrator. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createArtifactStore, type ArtifactStore } from '@onegin/artifacts';
import {
  trialJobId,
  trialQueue,
  type NewStudyEvent,
  type Params,
  type StudyConfig,
  type StudyEvent,
  type StudyState,
  type TrialJob,
} from '@onegin/contracts';
import { exampleConfig } from '@onegin/contracts/testing';
import { connectRedis, createLogger, StudyLog, TypedQueue, type RedisConnections } from '@onegin/service-kit';
import { startRedisServer, type RedisServer } from '@onegin/service-kit/testing';
import { trialJobOf } from '@onegin/study';

const LOCK = '2s';
/** Against hanging; says nothing about speed: machines may be busy. */
const HANGS_AFTER_MS = 150_000;

export class TrainerBench {
  readonly server: RedisServer;
  readonly redis: RedisConnections;
  readonly log: StudyLog;
  readonly store: ArtifactStore;
  readonly #folder: string;
  readonly #queue: TypedQueue<'trials-cpu'>;
  readonly #trainers = new Set<ChildProcess>();
  readonly #said = new WeakMap<ChildProcess, string>();
  #studies = 0;

  private constructor(server: RedisServer, folder: string, store: ArtifactStore) {
    this.server = server;
    this.#folder = folder;
    this.store = store;
    this.redis = connectRedis(server.url, {
      name: 'spec',
      logger: createLogger({ service: 'spec', level: 'silent' }),
    });
    this.log = new StudyLog(this.redis.blocking);
    this.#queue = new TypedQueue(trialQueue('cpu') as 'trials-cpu', this.redis.blocking);
  }

  static async open(): Promise<TrainerBench> {
    const folder = await mkdtemp(path.join(tmpdir(), 'onegin-trainer-'));
    const store = await createArtifactStore({ directory: path.join(folder, 'artifacts') });
    return new TrainerBench(await startRedisServer(), folder, store);
  }

  /** Starts a trainer process and waits until it listens. */
  async trainer(environment: Record<string, string> = {}): Promise<ChildProcess> {
    const child = spawn(process.execPath, [path.join(import.meta.dirname, '../main.ts')], {
      env: {
        PATH: process.env['PATH'],
        REDIS_URL: this.server.url,
        ARTIFACTS_DIR: path.join(this.#folder, 'artifacts'),
        DATASETS_DIR: path.join(tmpdir(), 'onegin-spec-datasets'),
        TRAINER_LOCK: LOCK,
        TRAINER_THREADS: '1',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#trainers.add(child);
    child.once('exit', () => this.#trainers.delete(child));
    this.#said.set(child, '');
    child.stdout!.on('data', (chunk: Buffer) => this.#said.set(child, this.said(child) + chunk.toString()));
    while (!this.said(child).includes('"msg":"ready"')) {
      if (child.exitCode !== null)
        throw new Error(`the trainer ended before it was ready:\n${this.said(child)}`);
      await delay(20);
    }
    return child;
  }

  /** The log lines of a trainer so far. */
  said(trainer: ChildProcess): string {
    return this.#said.get(trainer) ?? '';
  }

  /** The process that trains for a trainer, once there is one. */
  async trainingProcess(trainer: ChildProcess): Promise<number> {
    for (const deadline = Date.now() + HANGS_AFTER_MS; Date.now() < deadline; await delay(25)) {
      const file = `/proc/${trainer.pid}/task/${trainer.pid}/children`;
      const [pid] = (await readFile(file, 'utf8')).trim().split(' ').filter(Boolean);
      if (pid) return Number(pid);
    }
    throw new Error('expected the trainer to start a training process');
  }

  /** A running study with one queued trial, put on the queue. */
  async trial(
    params: Params,
    request: Parameters<typeof exampleConfig>[0] = {},
    changes: Partial<TrialJob> = {},
  ): Promise<StudyState> {
    const jobId = `job-trainer-${++this.#studies}`;
    const config: StudyConfig = { ...exampleConfig(request), jobId, runName: `run-${this.#studies}` };
    await this.log.append(jobId, [
      { type: 'JobRequested', config },
      { type: 'JobStarted' },
      {
        type: 'TrainingQueued',
        target: 0,
        params,
        seed: 11,
        resource: 'cpu',
        untilEpoch: config.request.epochs,
        source: 'spec',
      },
    ]);
    const state = (await this.log.load(jobId))!;
    await this.enqueue(state, changes);
    return state;
  }

  /** Queues the current run of trial 0, as the orchestrator does. */
  enqueue(state: StudyState, changes: Partial<TrialJob> = {}): Promise<void> {
    const trial = state.trials[0]!;
    return this.#queue.add(
      { ...trialJobOf(state, trial), ...changes },
      { id: trialJobId(state.jobId, 0, trial.run) },
    );
  }

  async append(jobId: string, event: NewStudyEvent): Promise<StudyState> {
    await this.log.append(jobId, [event]);
    return (await this.log.load(jobId))!;
  }

  /** Waits for an event of the type and gives all events of the study. */
  async until(jobId: string, type: StudyEvent['type']): Promise<StudyEvent[]> {
    for (const deadline = Date.now() + HANGS_AFTER_MS; ; await delay(25)) {
      const events = await this.log.read(jobId, 0);
      if (events.some((event) => event.type === type)) return events;
      if (Date.now() > deadline)
        throw new Error(`expected ${type}, found ${events.map((event) => event.type).join(', ')}`);
    }
  }

  depth() {
    return this.#queue.depth();
  }

  async killTrainers(): Promise<void> {
    await Promise.all(
      [...this.#trainers].map((child) => {
        child.kill('SIGKILL');
        return once(child, 'exit');
      }),
    );
  }

  async close(): Promise<void> {
    await this.killTrainers();
    await this.#queue.close();
    this.redis.close();
    await this.server.remove();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
