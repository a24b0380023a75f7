/** What `onegin up` and `npm start` are told by flags and by the environment. */
import type { Command } from 'commander';
import { DEFAULT_GATEWAY_PORT } from '@onegin/contracts';
import { wholeNumber } from '../option-values.ts';
import type { StackArtifacts } from './services.ts';

/** Flags, as commander hands them over. */
export interface UpFlags {
  port: number;
  data: string;
  trainers: number;
  open: boolean;
}

/** Where the gateway listens when nobody says otherwise. */
export const DEFAULT_PORT = DEFAULT_GATEWAY_PORT;
const DEFAULT_TRAINERS = 2;
const MAX_TRAINERS = 64;

/** Gives a command the flags of `up`. */
export function addUpFlags(command: Command): Command {
  return command
    .option(
      '--port <port>',
      'port of API and web UI; 0 takes a free one',
      wholeNumber(0, 65_535),
      DEFAULT_PORT,
    )
    .option('--data <dir>', 'folder for everything that is kept', './data')
    .option('--trainers <n>', 'how many trainers run', wholeNumber(0, MAX_TRAINERS), DEFAULT_TRAINERS)
    .option('--no-open', 'do not open the browser');
}

export interface UpEnvironment {
  host?: string;
  /** A Redis that runs elsewhere. */
  redisUrl?: string;
  artifacts?: StackArtifacts;
  /** The whole environment, which services inherit. */
  env: Readonly<Record<string, string | undefined>>;
  /** Whether a browser can be shown here. */
  hasDisplay: boolean;
}

/** An empty variable counts as absent. */
export function upEnvironment(
  env: Readonly<Record<string, string | undefined>> = process.env,
): UpEnvironment {
  const { HOST, REDIS_URL, S3_ENDPOINT, ARTIFACTS_DIR } = env;
  // Whether the S3 settings are whole is said by the services, which read them.
  const s3 = S3_ENDPOINT && {
    endpoint: S3_ENDPOINT,
    bucket: env.S3_BUCKET,
    region: env.S3_REGION,
    accessKey: env.S3_ACCESS_KEY,
    secretKey: env.S3_SECRET_KEY,
  };
  const artifacts = s3 || (ARTIFACTS_DIR ? { directory: ARTIFACTS_DIR } : undefined);
  return {
    env,
    ...(HOST && { host: HOST }),
    ...(REDIS_URL && { redisUrl: REDIS_URL }),
    ...(artifacts && { artifacts }),
    hasDisplay: !env.CI && (process.platform === 'darwin' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)),
  };
}
