/** The orchestrator's settings; nothing else in it reads the environment. */
import { artifactSettings, commonSettings, healthSettings, loadConfig, setting } from '@onegin/service-kit';
import type { ConfigOf, Environment } from '@onegin/service-kit';

export const orchestratorSettings = {
  ...commonSettings,
  ...healthSettings,
  ...artifactSettings,
  reconcileMs: setting.duration(
    'RECONCILE_INTERVAL',
    'How often the queues are compared with the logs; a lost notification costs no more time than that.',
    { default: '10s' },
  ),
  stallCheckMs: setting.duration(
    'STALL_CHECK_INTERVAL',
    'How often to look for tasks whose trainer or plotter died.',
    { default: '5s' },
  ),
  retentionMs: setting.duration(
    'STUDY_RETENTION',
    'How long a study stays in Redis after its end; then it is read from the artifact store.',
    { default: '7d' },
  ),
  archiveMaxAgeMs: setting.optional(
    setting.duration(
      'ARCHIVE_MAX_AGE',
      'Studies that ended longer ago are removed for good, with their files; absent: age removes none.',
    ),
  ),
  archiveKeep: setting.optional(
    setting.integer(
      'ARCHIVE_KEEP',
      'How many of the studies that ended last stay in any case; without ARCHIVE_MAX_AGE all others are removed for good.',
      { min: 0, max: 1_000_000 },
    ),
  ),
  maxCpuTrainings: setting.optional(
    setting.integer('MAX_CPU_TRAININGS', 'The most trainings on CPUs at once, of all jobs together.', {
      min: 1,
      max: 100_000,
    }),
  ),
  maxGpuTrainings: setting.optional(
    setting.integer('MAX_GPU_TRAININGS', 'The most trainings on GPUs at once, of all jobs together.', {
      min: 1,
      max: 100_000,
    }),
  ),
  localFallbackMs: setting.optional(
    setting.duration(
      'LOCAL_FALLBACK_AFTER',
      'When work waits and no trainer has been reachable for this long, this machine trains; absent: it never does.',
    ),
  ),
  plots: setting.flag('PLOTS', 'Whether charts are made; false where no plotter runs.', { default: 'true' }),
  deletionCost: setting.flag(
    'POD_DELETION_COST',
    'In Kubernetes: marks the pods of busy trainers, so that scaling in takes idle ones first.',
    { default: 'false' },
  ),
  podNamespace: setting.text('POD_NAMESPACE', 'In Kubernetes: the namespace of the trainers.', {
    default: 'default',
  }),
  apiServerHost: setting.text('KUBERNETES_SERVICE_HOST', 'Set by Kubernetes: its API server.', {
    default: 'kubernetes.default.svc',
  }),
  apiServerPort: setting.port('KUBERNETES_SERVICE_PORT', 'Set by Kubernetes: its port.', { default: '443' }),
  credentialsDir: setting.text(
    'KUBERNETES_CREDENTIALS_DIR',
    'In Kubernetes: folder with the token and the authority of the API server.',
    { default: '/var/run/secrets/kubernetes.io/serviceaccount' },
  ),
};

export type OrchestratorConfig = ConfigOf<typeof orchestratorSettings>;

/** What a trainer that the orchestrator starts inherits. */
export const inheritedEnvironment = (environment: Environment = process.env): Environment => environment;

/** @throws OneginError `config-invalid`, naming every wrong variable */
export const orchestratorConfig = (environment: Environment = process.env): OrchestratorConfig =>
  loadConfig(orchestratorSettings, environment);
