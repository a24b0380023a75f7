/** Settings that several services have. Their defaults fit one machine; `npm start` sets none of them. */
import { OneginError } from '@onegin/contracts';
import type { ConfigOf } from './load-config.ts';
import { logLevels } from './logger.ts';
import { setting } from './setting.ts';

export const commonSettings = {
  redisUrl: setting.url(
    'REDIS_URL',
    'Redis or Valkey, 6.2 or newer, with maxmemory-policy noeviction and an append-only file.',
    ['redis', 'rediss'],
    { default: 'redis://127.0.0.1:6399' },
  ),
  logLevel: setting.choice('LOG_LEVEL', 'Which log lines are written.', logLevels, { default: 'info' }),
  otlpEndpoint: setting.optional(
    setting.url(
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'Where traces are sent by OTLP over HTTP, such as http://127.0.0.1:4318; without it there are none.',
      ['http', 'https'],
    ),
  ),
  shutdownGraceMs: setting.duration(
    'SHUTDOWN_GRACE',
    'After SIGTERM a service ends within this time; Kubernetes should grant a little more.',
    { default: '25s' },
  ),
};

/** Of services that speak no HTTP otherwise. */
export const healthSettings = {
  healthPort: setting.port(
    'HEALTH_PORT',
    'Port of /health, /ready and /metrics; 0 takes a free one. The gateway serves them on its own port.',
    { default: '0' },
  ),
};

export const artifactSettings = {
  artifactsDir: setting.text('ARTIFACTS_DIR', 'Folder of the artifacts; used where S3_ENDPOINT is not set.', {
    default: './data/artifacts',
  }),
  s3Endpoint: setting.optional(
    setting.url('S3_ENDPOINT', 'MinIO or another S3 server, instead of a folder.', ['http', 'https']),
  ),
  s3Bucket: setting.text('S3_BUCKET', 'Bucket of the artifacts.', { default: 'onegin' }),
  s3Region: setting.text('S3_REGION', 'Region of the bucket.', { default: 'us-east-1' }),
  s3AccessKey: setting.optional(setting.text('S3_ACCESS_KEY', 'Access key of the bucket.', { secret: true })),
  s3SecretKey: setting.optional(setting.text('S3_SECRET_KEY', 'Secret key of the bucket.', { secret: true })),
};

/** Of services that read datasets. */
export const datasetSettings = {
  datasetsDir: setting.text('DATASETS_DIR', 'Folder where prepared datasets are cached.', {
    default: './data/datasets',
  }),
};

/**
 * Where artifacts are kept, as packages/artifacts opens it.
 * @throws OneginError `config-invalid` when an S3 server has no keys
 */
export function artifactStoreConfig(config: ConfigOf<typeof artifactSettings>) {
  const { s3Endpoint, s3AccessKey, s3SecretKey, s3Region, s3Bucket } = config;
  if (s3Endpoint === undefined) return { directory: config.artifactsDir };
  const missing = [
    ...(s3AccessKey === undefined ? [artifactSettings.s3AccessKey.env] : []),
    ...(s3SecretKey === undefined ? [artifactSettings.s3SecretKey.env] : []),
  ];
  if (s3AccessKey === undefined || s3SecretKey === undefined)
    throw new OneginError('config-invalid', `S3_ENDPOINT is set: expected ${missing.join(' and ')} too`, {
      problems: missing.map((field) => ({ field, expected: 'expected a key', found: 'nothing' })),
    });
  return {
    endpoint: s3Endpoint,
    region: s3Region,
    bucket: s3Bucket,
    accessKey: s3AccessKey,
    secretKey: s3SecretKey,
  };
}
