/** The trainer's settings; nothing else in it reads the environment. */
import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import {
  artifactSettings,
  commonSettings,
  healthSettings,
  loadConfig,
  setting,
  type ConfigOf,
  type Environment,
} from '@onegin/service-kit';

export const trainerSettings = {
  ...commonSettings,
  ...healthSettings,
  ...artifactSettings,
  trainerId: setting.optional(
    setting.text(
      'TRAINER_ID',
      'Name of the trainer, unique among all; by default the host and a random part.',
    ),
  ),
  resource: setting.choice(
    'TRAINER_RESOURCE',
    'Which queue it works on: trials for a CPU or for a GPU.',
    ['cpu', 'gpu'],
    {
      default: 'cpu',
    },
  ),
  threads: setting.optional(
    setting.integer(
      'TRAINER_THREADS',
      'Threads of TensorFlow; by default what the kind of network runs best with.',
      {
        min: 1,
        max: 1024,
      },
    ),
  ),
  devicesPerTrial: setting.integer(
    'DEVICES_PER_TRIAL',
    'Devices that train a trial together, each in a process of its own: GPUs, or parts of the processor.',
    { min: 1, max: 64, default: '1' },
  ),
  visibleDevices: setting.optional(
    setting.text(
      'CUDA_VISIBLE_DEVICES',
      'The GPUs of this trainer, as CUDA names them, separated by commas; by default 0, 1, …',
    ),
  ),
  datasetsDir: setting.text('DATASETS_DIR', 'Folder where prepared datasets are cached.', {
    default: './data/datasets',
  }),
  lockMs: setting.duration(
    'TRAINER_LOCK',
    'A trainer that is silent on its entry for so long has lost it to another.',
    { default: '30s' },
  ),
  heartbeatMs: setting.duration('TRAINER_HEARTBEAT', 'Time between two heartbeats.', { default: '2s' }),
  withdrawAfter: setting.integer(
    'TRAINER_WITHDRAW_AFTER',
    'After so many failed attempts in a row on different trials the trainer takes no more work.',
    { min: 1, max: 1000, default: '5' },
  ),
  childTrainings: setting.integer(
    'TRAINER_CHILD_TRAININGS',
    'A training process is replaced after so many trainings.',
    {
      min: 1,
      max: 1_000_000,
      default: '200',
    },
  ),
  childMemoryMb: setting.integer(
    'TRAINER_CHILD_MEMORY_MB',
    'A training process is replaced when it holds more memory than this after a training.',
    { min: 64, max: 10_000_000, default: '4096' },
  ),
};

export interface TrainerConfig extends Omit<ConfigOf<typeof trainerSettings>, 'trainerId'> {
  trainerId: string;
}

/** @throws OneginError `config-invalid` naming every wrong variable */
export function trainerConfig(environment: Environment = process.env): TrainerConfig {
  const config = loadConfig(trainerSettings, environment);
  return { ...config, trainerId: config.trainerId ?? `${hostname()}-${randomUUID().slice(0, 8)}` };
}
