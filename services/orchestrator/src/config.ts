/** The orchestrator's settings; nothing else in it reads the environment. */
import {
  artifactSettings,
  commonSettings,
  healthSettings,
  loadConfig,
  setting,
  type ConfigOf,
  type Environment,
} from '@onegin/service-kit';

export const orchestratorSettings = {
  ...commonSettings,
  ...healthSettings,
  ...artifactSettings,
  reconcileMs: setting.duration(
    'RECONCILE_INTERVAL',
    'How often queues are compared with what the logs say; a lost notification costs so long at most.',
    { default: '10s' },
  ),
  stallCheckMs: setting.duration(
    'STALL_CHECK_INTERVAL',
    'How often entries are looked for whose trainer or plotter died.',
    { default: '5s' },
  ),
  retentionMs: setting.duration(
    'STUDY_RETENTION',
    'So long after its end a study stays in Redis; then it is read from the artifact store.',
    { default: '7d' },
  ),
  maxCpuTrainings: setting.optional(
    setting.integer('MAX_CPU_TRAININGS', 'At most so many trainings on CPUs at once, of all jobs together.', {
      min: 1,
      max: 100_000,
    }),
  ),
  maxGpuTrainings: setting.optional(
    setting.integer('MAX_GPU_TRAININGS', 'At most so many trainings on GPUs at once, of all jobs together.', {
      min: 1,
      max: 100_000,
    }),
  ),
  plots: setting.flag('PLOTS', 'Whether charts are made; false where no plotter runs.', { default: 'true' }),
};

export type OrchestratorConfig = ConfigOf<typeof orchestratorSettings>;

/** @throws OneginError `config-invalid`, naming every wrong variable */
export const orchestratorConfig = (environment: Environment = process.env): OrchestratorConfig =>
  loadConfig(orchestratorSettings, environment);
