/** A real redis-server and a real orchestrator process, for benches with simulated trainers. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { jobEnded, type StudyConfig, type StudyEvent } from '@onegin/contracts';
import {
  connectRedis,
  createLogger,
  requestAdvance,
  StudyLog,
  TypedQueue,
  type Logger,
  type RedisConnections,
} from '@onegin/service-kit';
import { startRedisServer } from '@onegin/service-kit/testing';

const main = fileURLToPath(new URL('../../services/orchestrator/src/main.ts', import.meta.url));

export interface StudyStack {
  readonly redisUrl: string;
  readonly redis: RedisConnections;
  readonly log: StudyLog;
  readonly logger: Logger;
  /** What a gateway does with a request. */
  request(config: StudyConfig): Promise<void>;
  /** Resolves when the job has completed. @throws Error when it ended otherwise */
  completed(jobId: string): Promise<void>;
  events(jobId: string): Promise<StudyEvent[]>;
  /** A figure of the orchestrator's metrics; sums over labels. */
  metric(name: string): Promise<number>;
  /** CPU seconds that Redis has used. */
  redisCpuSeconds(): Promise<number>;
  redisBytes(): Promise<number>;
  stop(): Promise<void>;
}

export async function startStudyStack(settings: Record<string, string> = {}): Promise<StudyStack> {
  const logger = createLogger({ service: 'bench', level: 'warn' });
  const server = await startRedisServer();
  const folder = await mkdtemp(path.join(tmpdir(), 'onegin-bench-'));
  const orchestrator = await startOrchestrator({
    REDIS_URL: server.url,
    ARTIFACTS_DIR: folder,
    HEALTH_PORT: '0',
    ...settings,
  });
  const redis = connectRedis(server.url, { name: 'bench', logger });
  const log = new StudyLog(redis.blocking);
  const studies = new TypedQueue('studies', redis.blocking);
  const info = async (section: string, key: string): Promise<number> => {
    const text = await redis.blocking.info(section);
    return Number(new RegExp(`^${key}:(\\S+)`, 'm').exec(text)?.[1]);
  };
  return {
    redisUrl: server.url,
    redis,
    log,
    logger,
    request: async (config) => {
      await log.append(config.jobId, [{ type: 'JobRequested', config }]);
      await requestAdvance(studies, config.jobId);
    },
    completed: async (jobId) => {
      for (;;) {
        const [status] = await log.jobStatuses([jobId]);
        if (status && jobEnded(status)) {
          if (status === 'completed') return;
          throw new Error(`expected the study to complete, it has ${status}`);
        }
        await delay(20);
      }
    },
    events: async (jobId) => {
      const events: StudyEvent[] = [];
      for (;;) {
        const page = await log.read(jobId, events.length);
        if (page.length === 0) return events;
        events.push(...page);
      }
    },
    metric: async (name) => sumOf(await orchestrator.metrics(), name),
    redisCpuSeconds: async () => (await info('cpu', 'used_cpu_user')) + (await info('cpu', 'used_cpu_sys')),
    redisBytes: () => info('memory', 'used_memory'),
    stop: async () => {
      await orchestrator.stop();
      redis.close();
      await server.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function sumOf(text: string, name: string): number {
  const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, 'gm'))];
  // Named, but with no series yet: nothing has been counted.
  const named = text.includes(`# TYPE ${name.replace(/_(sum|count)$/, '')} `);
  if (values.length === 0 && !named) throw new Error(`expected ${name} among the orchestrator's metrics`);
  return values.reduce((sum, [, value]) => sum + Number(value), 0);
}

async function startOrchestrator(
  settings: Record<string, string>,
): Promise<{ metrics(): Promise<string>; stop(): Promise<void> }> {
  const env = { PATH: process.env['PATH'] ?? '', ...settings };
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
    metrics: async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
