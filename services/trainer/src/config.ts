/** The trainer's settings; nothing else in it reads the environment. */
import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import type { Resource } from '@onegin/contracts';
import {
  artifactSettings,
  commonSettings,
  datasetSettings,
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
  device: setting.optional(
    setting.choice(
      'TRAINER_DEVICE',
      'What it computes with, where that is not what its queue is named after: a CPU may stand in for a GPU.',
      ['cpu', 'gpu'],
    ),
  ),
  fallback: setting.flag(
    'TRAINER_FALLBACK',
    'Set by an orchestrator for the trainer that it starts where no other is there.',
    { default: 'false' },
  ),
  threads: setting.optional(
    setting.integer('TRAINER_THREADS', 'Threads that train a network at most, by default all cores.', {
      min: 1,
      max: 1024,
    }),
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
  ...datasetSettings,
  lockMs: setting.duration(
    'TRAINER_LOCK',
    'How long a trainer may stop responding before its task goes to another.',
    { default: '30s' },
  ),
  heartbeatMs: setting.duration('TRAINER_HEARTBEAT', 'Time between two heartbeats.', { default: '2s' }),
  drainMs: setting.duration(
    'TRAINER_DRAIN',
    'How long the current training may continue after SIGTERM before it is released; 0s: until its next batch.',
    { default: '0s' },
  ),
  tasks: setting.integer(
    'TRAINER_ENTRIES',
    'The trainer exits by itself after this many tasks, as a Kubernetes Job does; 0: never.',
    { min: 0, max: 1_000_000, default: '0' },
  ),
  idleEndMs: setting.duration(
    'TRAINER_IDLE_END',
    'The trainer exits by itself when no task has come for this long; 0s: never.',
    { default: '0s' },
  ),
  withdrawAfter: setting.integer(
    'TRAINER_WITHDRAW_AFTER',
    'Failed attempts in a row, on different trials, after which the trainer takes no more work.',
    { min: 1, max: 1000, default: '5' },
  ),
  withdrawnForMs: setting.duration(
    'TRAINER_WITHDRAWN_FOR',
    'How long it takes none before it tries one more; doubles each time that one fails too.',
    { default: '5m' },
  ),
  storageRetryMs: setting.duration(
    'STORAGE_PATIENCE',
    'How long an attempt waits for an artifact store that is unavailable or full before it fails.',
    { default: '30m' },
  ),
  childTrainings: setting.integer(
    'TRAINER_CHILD_TRAININGS',
    'Trainings after which a training process is replaced.',
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

export interface TrainerConfig extends Omit<ConfigOf<typeof trainerSettings>, 'trainerId' | 'device'> {
  trainerId: string;
  device: Resource;
}

/** @throws OneginError `config-invalid` naming every wrong variable */
export function trainerConfig(environment: Environment = process.env): TrainerConfig {
  const config = loadConfig(trainerSettings, environment);
  return {
    ...config,
    trainerId: config.trainerId ?? `${hostname()}-${randomUUID().slice(0, 8)}`,
    device: config.device ?? config.resource,
  };
}
