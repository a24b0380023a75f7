/** A real redis-server, a folder of artifacts, and as many orchestrators and simulated trainers as a spec needs. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createArtifactStore, type ArtifactStore } from '@onegin/artifacts';
import {
  jobEnded,
  type JobStatus,
  type OptimizationRequestInput,
  type StudyConfig,
  type StudyEvent,
  type StudyState,
} from '@onegin/contracts';
import {
  connectRedis,
  createLogger,
  createMetrics,
  requestAdvance,
  StudyLog,
  TypedQueue,
  type Logger,
  type RedisConnections,
} from '@onegin/service-kit';
import { exampleConfig, startRedisServer, until, type RedisServer } from '@onegin/service-kit/testing';
import { createOrchestrator } from '../orchestrator.ts';
import {
  startSimulatedPlotter,
  startSimulatedTrainer,
  type SimulatedTrainer,
  type SimulatedTrainerOptions,
} from '@onegin/simulation';

export interface OrchestratorProcess {
  readonly child: ChildProcess;
  readonly lines: { msg: string; level: string }[];
  readonly exited: Promise<void>;
}

interface OrchestratorOptions {
  readonly reconcileMs?: number;
  readonly retentionMs?: number;
  readonly plots?: boolean;
  readonly maxCpuTrainings?: number;
  readonly archiveKeep?: number;
}

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

export class TestBed {
  readonly server: RedisServer;
  readonly folder: string;
  readonly store: ArtifactStore;
  readonly redis: RedisConnections;
  readonly log: StudyLog;
  readonly logger: Logger;
  readonly studies: TypedQueue<'studies'>;
  readonly #ends: (() => Promise<unknown>)[] = [];
  #jobs = 0;

  private constructor(server: RedisServer, folder: string, store: ArtifactStore) {
    this.server = server;
    this.folder = folder;
    this.store = store;
    this.logger = createLogger({ service: 'spec', level: (process.env['SPEC_LOG'] ?? 'silent') as 'silent' });
    this.redis = connectRedis(server.url, { name: 'spec', logger: this.logger });
    this.log = new StudyLog(this.redis.blocking);
    this.studies = new TypedQueue('studies', this.redis.blocking);
  }

  static async start(): Promise<TestBed> {
    const folder = await mkdtemp(path.join(tmpdir(), 'onegin-artifacts-'));
    return new TestBed(await startRedisServer(), folder, await createArtifactStore({ directory: folder }));
  }

  /** What the gateway does with a request. Proposing is not what is tested here, so it is done at random. */
  async request(
    request: Partial<OptimizationRequestInput>,
    config: Partial<StudyConfig> = {},
  ): Promise<string> {
    const jobId = `job-${String(++this.#jobs).padStart(5, '0')}`;
    const standard = exampleConfig(jobId, { sampler: 'random', ...request });
    await this.log.append(jobId, [
      { type: 'JobRequested', config: { ...standard, retryDelayMs: 10, ...config } },
    ]);
    await requestAdvance(this.studies, jobId);
    return jobId;
  }

  async cancel(jobId: string): Promise<void> {
    await this.log.append(jobId, [{ type: 'CancelRequested' }]);
    await requestAdvance(this.studies, jobId);
  }

  /** An orchestrator in this process, with its own connections. */
  async orchestrator(options: OrchestratorOptions = {}): Promise<{ close(): Promise<void> }> {
    const { reconcileMs = 300, retentionMs = 3_600_000, plots = false } = options;
    const { maxCpuTrainings, archiveKeep } = options;
    const redis = connectRedis(this.server.url, { name: 'orchestrator', logger: this.logger });
    const orchestrator = createOrchestrator({
      redis,
      log: new StudyLog(redis.blocking),
      store: this.store,
      logger: this.logger,
      metrics: createMetrics('orchestrator'),
      config: { reconcileMs, stallCheckMs: 200, retentionMs, plots, maxCpuTrainings, archiveKeep },
    });
    orchestrator.start();
    await orchestrator.worker.start();
    let closed = false;
    const close = async (): Promise<void> => {
      if (closed) return;
      closed = true;
      await orchestrator.worker.close(1000);
      await orchestrator.close();
      redis.close();
    };
    this.#ends.push(close);
    return { close };
  }

  /** An orchestrator in its own process, which a signal can kill. */
  async orchestratorProcess(settings: Record<string, string> = {}): Promise<OrchestratorProcess> {
    const env = {
      PATH: process.env['PATH'] ?? '',
      REDIS_URL: this.server.url,
      ARTIFACTS_DIR: this.folder,
      RECONCILE_INTERVAL: '300ms',
      STALL_CHECK_INTERVAL: '200ms',
      PLOTS: 'false',
      ...settings,
    };
    const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: OrchestratorProcess['lines'] = [];
    const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
    let rest = '';
    child.stdout.on('data', (data: Buffer) => {
      const parts = (rest + data.toString()).split('\n');
      rest = parts.pop()!;
      lines.push(...parts.map((line) => JSON.parse(line) as OrchestratorProcess['lines'][number]));
    });
    this.#ends.push(async () => {
      child.kill('SIGKILL');
      await exited;
    });
    return { child, lines, exited };
  }

  async trainer(options: Partial<SimulatedTrainerOptions> = {}): Promise<SimulatedTrainer> {
    const trainer = await startSimulatedTrainer({
      redisUrl: this.server.url,
      logger: this.logger,
      ...options,
    });
    this.#ends.push(() => trainer.close());
    return trainer;
  }

  async plotter() {
    const plotter = await startSimulatedPlotter({ redisUrl: this.server.url, logger: this.logger });
    this.#ends.push(() => plotter.close());
    return plotter;
  }

  async status(jobId: string): Promise<JobStatus | null> {
    return (await this.log.jobStatuses([jobId]))[0]!;
  }

  /** The state after the job's end. */
  async ended(jobId: string): Promise<StudyState> {
    await until(async () => {
      const status = await this.status(jobId);
      return status !== null && jobEnded(status);
    }, 20);
    return (await this.log.load(jobId))!;
  }

  async events(jobId: string): Promise<StudyEvent[]> {
    const events: StudyEvent[] = [];
    for (;;) {
      const page = await this.log.read(jobId, events.length);
      if (page.length === 0) return events;
      events.push(...page);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#ends.splice(0).map((end) => end()));
    this.redis.close();
    await this.server.remove();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
