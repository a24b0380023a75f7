/** A real gateway on a real Redis and a real folder, with what the other services would write into the log. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createArtifactStore, type ArtifactStore } from '@onegin/artifacts';
import { datasetInfoExamples, type DatasetListing, type Site } from '@onegin/contracts';
import {
  connectRedis,
  createLogger,
  createMetrics,
  StudyLog,
  type RedisConnections,
} from '@onegin/service-kit';
import { startRedisServer, type RedisServer } from '@onegin/service-kit/testing';
import { openAccess, type AccessSettings } from '../access/access-settings.ts';
import { createGateway, type Gateway } from '../gateway.ts';

const image = datasetInfoExamples[0]!;
export const testDatasets: readonly DatasetListing[] = [
  { ...image, name: 'digits', ready: true },
  { ...image, name: 'mails', title: 'Mails', kind: 'text', shape: [100], ready: false },
];

export interface TestGateway {
  readonly url: string;
  readonly gateway: Gateway;
  /** Ends the gateway; Redis and the folder stay. */
  close(): Promise<void>;
}

export interface TestGatewayOptions {
  readonly port?: number;
  readonly webDir?: string | null;
  /** What is different from an open gateway. */
  readonly access?: Partial<AccessSettings>;
  readonly allowedOrigins?: readonly string[];
  /** What the web UI says about the installation. */
  readonly site?: Site;
  /** Instead of the stack's own. */
  readonly artifacts?: ArtifactStore;
  /** Called with every line that is logged, from level trace up. */
  readonly onLog?: (line: string) => void;
}

export interface TestStack {
  readonly redisServer: RedisServer;
  readonly redis: RedisConnections;
  readonly artifacts: ArtifactStore;
  readonly log: StudyLog;
  /** Starts one more gateway. */
  startGateway(options?: TestGatewayOptions): Promise<TestGateway>;
  /** Ends everything and removes what it wrote. */
  remove(): Promise<void>;
}

export async function startTestStack(): Promise<TestStack> {
  const redisServer = await startRedisServer();
  const folder = await mkdtemp(join(tmpdir(), 'onegin-gateway-'));
  const artifacts = await createArtifactStore({ directory: folder });
  const silent = createLogger({ service: 'gateway', level: 'silent' });
  const redis = connectRedis(redisServer.url, { name: 'spec', logger: silent });
  await redis.ready();
  const running = new Set<TestGateway>();

  async function startGateway(options: TestGatewayOptions = {}) {
    const { port = 0, webDir = null, access, allowedOrigins = [], site, onLog } = options;
    const store = options.artifacts ?? artifacts;
    const logger = onLog ? createLogger({ service: 'gateway', level: 'trace' }, { write: onLog }) : silent;
    const connections = connectRedis(redisServer.url, { name: 'gateway', logger });
    const gateway = createGateway({
      redis: connections,
      log: new StudyLog(connections.failFast),
      artifacts: store,
      logger,
      metrics: createMetrics('gateway'),
      datasets: async () => testDatasets,
      version: '0.0.0-test',
      webDir,
      allowedOrigins,
      ...(site && { site }),
      access: { ...openAccess, ...access },
      checkAnswers: true,
    });
    const url = `http://127.0.0.1:${await gateway.listen(port, '127.0.0.1')}`;
    const started: TestGateway = {
      url,
      gateway,
      async close() {
        running.delete(started);
        await gateway.close('the test ends', 500);
        connections.close();
      },
    };
    running.add(started);
    return started;
  }

  return {
    redisServer,
    redis,
    artifacts,
    log: new StudyLog(redis.blocking),
    startGateway,
    async remove() {
      await Promise.all([...running].map((gateway) => gateway.close()));
      redis.close();
      await redisServer.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** For a test that needs a stack of its own, such as one that stops Redis. */
export async function withTestStack(test: (stack: TestStack) => Promise<void>): Promise<void> {
  const stack = await startTestStack();
  await test(stack).finally(() => stack.remove());
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body, parsed if it is JSON. */
  readonly body: Json;
}

/** JSON of an answer, untyped. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads what came, field by field
export type Json = any;

/** Sends a request, and parses the answer if it is JSON. */
export async function ask(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const json = /\bjson\b|\+json/.test(response.headers.get('content-type') ?? '');
  const body: Json = json && text !== '' ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body };
}

export const post = (url: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  ask(url, {
    method: 'POST',
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
  });

/** Waits until the condition holds; fails before the spec's time limit, which would not say what was waited for. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 50_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited too long until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
