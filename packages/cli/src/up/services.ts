/** The programs of a stack beside Redis, and what each is told through its environment. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { ProgramSpec } from './managed-process.ts';

/** The order in which programs are stopped: who takes new work first, what all others need last. */
export const RANK = { gateway: 0, orchestrator: 1, trainer: 2, plotter: 3, redis: 4 } as const;

/** S3 settings as the services read them; they say what is missing. */
export interface S3Artifacts {
  endpoint: string;
  bucket?: string | undefined;
  region?: string | undefined;
  accessKey?: string | undefined;
  secretKey?: string | undefined;
}

export type StackArtifacts = { directory: string } | S3Artifacts;

export interface ServicesOptions {
  host: string;
  port: number;
  trainers: number;
  orchestrators?: number | undefined;
  redisUrl: string;
  artifacts: StackArtifacts;
  datasetsDir: string;
  /** Inherited by all services; settings of the stack replace what stands in it. */
  env: Readonly<Record<string, string | undefined>>;
  healthPort: () => Promise<number>;
}

export interface ServiceSpec extends ProgramSpec {
  readyUrl: string;
}

/** A service ends itself within this time; the supervisor waits a little longer. */
const GRACE_MS = 10_000;
const EXTRA_GRACE_MS = 4000;

/** Longer than a trainer that failed takes to be started again. */
const FALLBACK_AFTER = '90s';

const workspace = join(import.meta.dirname, '../../../..');

/** The gateway, the orchestrator, the trainers and the plotter. */
export async function serviceSpecs(options: ServicesOptions): Promise<ServiceSpec[]> {
  const shared = sharedEnv(options);
  const service = async (
    kind: 'orchestrator' | 'trainer' | 'plotter',
    name: string = kind,
    own: Record<string, string> = {},
  ): Promise<ServiceSpec> => {
    const port = await options.healthPort();
    const env = { ...shared, ...own, HEALTH_PORT: String(port) };
    return { ...program(name, kind, env), readyUrl: `http://127.0.0.1:${port}/ready` };
  };
  const { host, port, trainers } = options;
  const gateway: ServiceSpec = {
    ...program('gateway', 'gateway', { ...shared, HOST: host, PORT: String(port) }),
    readyUrl: `http://${loopbackOf(host)}:${port}/ready`,
  };
  // Trainers side by side share the processors; without this each would take all of them.
  const threads = Math.max(1, Math.floor(availableParallelism() / Math.max(1, trainers)));
  const names = Array.from({ length: trainers }, (_, index) => `trainer-${index + 1}`);
  return [
    gateway,
    ...(await Promise.all(
      Array.from({ length: options.orchestrators ?? 1 }, (_, index) =>
        service('orchestrator', index === 0 ? 'orchestrator' : `orchestrator-${index + 1}`, {
          LOCAL_FALLBACK_AFTER: options.env.LOCAL_FALLBACK_AFTER ?? FALLBACK_AFTER,
        }),
      ),
    )),
    ...(await Promise.all(
      names.map((name) =>
        service('trainer', name, {
          TRAINER_ID: name,
          TRAINER_THREADS: options.env.TRAINER_THREADS ?? String(threads),
        }),
      ),
    )),
    await service('plotter'),
  ];
}

/** The address under which a server that listens on `host` is reached from this machine. */
export const loopbackOf = (host: string): string =>
  host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;

const program = (name: string, kind: keyof typeof RANK, env: ProgramSpec['env']): ProgramSpec => ({
  name,
  command: process.execPath,
  args: [join(workspace, 'services', kind, 'src', 'main.ts')],
  env,
  rank: RANK[kind],
  graceMs: GRACE_MS + EXTRA_GRACE_MS,
});

function sharedEnv({ env, redisUrl, artifacts, datasetsDir }: ServicesOptions): ProgramSpec['env'] {
  const store =
    'directory' in artifacts
      ? { ARTIFACTS_DIR: artifacts.directory, S3_ENDPOINT: undefined }
      : {
          S3_ENDPOINT: artifacts.endpoint,
          S3_BUCKET: artifacts.bucket,
          S3_REGION: artifacts.region,
          S3_ACCESS_KEY: artifacts.accessKey,
          S3_SECRET_KEY: artifacts.secretKey,
        };
  return {
    SHUTDOWN_GRACE: `${GRACE_MS / 1000}s`,
    // The set-up built it there, wherever the command was typed.
    WEB_DIR: join(workspace, 'frontend', 'dist'),
    ...env,
    REDIS_URL: redisUrl,
    DATASETS_DIR: datasetsDir,
    ...store,
  };
}
