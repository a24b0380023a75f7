/** The one warm training process of this trainer; replaced when it died, grew, got old, or is of the wrong kind. */
import { availableParallelism } from 'node:os';
import type { ModelKind } from '@onegin/contracts';
import type { Logger } from '@onegin/service-kit';
import { needsReplacement } from '@onegin/service-kit/channel';
import type { TrainerConfig } from './config.ts';
import { TrainingChild } from './training-child.ts';
import type { ChildSetup } from './training-methods.ts';

type PoolSettings = Pick<
  TrainerConfig,
  | 'device'
  | 'datasetsDir'
  | 'threads'
  | 'devicesPerTrial'
  | 'visibleDevices'
  | 'childTrainings'
  | 'childMemoryMb'
>;

export class ChildPool {
  readonly #settings: PoolSettings;
  readonly #logger: Logger;
  #child: TrainingChild | null = null;
  #closed = false;
  #starting: { modelKind: ModelKind; child: Promise<TrainingChild> } | null = null;

  constructor(settings: PoolSettings, logger: Logger) {
    this.#settings = settings;
    this.#logger = logger;
  }

  /** What the current process computes with; null before the first. */
  get engine(): TrainingChild['engine'] {
    return this.#child?.engine ?? null;
  }

  /** @throws Error when no engine is available */
  async take(modelKind: ModelKind): Promise<TrainingChild> {
    // The task it was started for may have ended before it was ready.
    if (this.#starting?.modelKind === modelKind) return this.#starting.child;
    await this.#starting?.child.catch(() => undefined);
    const reason = this.#child && this.#needsReplacement(this.#child, modelKind);
    if (this.#child && reason === null) return this.#child;
    if (reason) this.#logger.info({ reason }, 'the training process is replaced');
    this.#child?.kill();
    this.#child = null;
    const child = this.#start(modelKind).finally(() => (this.#starting = null));
    this.#starting = { modelKind, child };
    return child;
  }

  async #start(modelKind: ModelKind): Promise<TrainingChild> {
    const [first, ...others] = childSetups(this.#settings, modelKind);
    const child = await TrainingChild.start(first, undefined, others);
    if (this.#closed) child.kill();
    else this.#child = child;
    const { engine, pid } = child;
    this.#logger.info({ engine, pid, devices: 1 + others.length }, 'training process ready');
    return child;
  }

  close(): void {
    this.#closed = true;
    this.#child?.kill();
    this.#child = null;
  }

  #needsReplacement({ alive, setup, trained, memoryBytes }: TrainingChild, modelKind: ModelKind) {
    // TensorFlow's threads are fixed when it loads, and LSTMs want fewer.
    if (alive && setup.modelKind !== modelKind) return `it was set up for a ${setup.modelKind}`;
    const { childTrainings, childMemoryMb } = this.#settings;
    const limits = { uses: childTrainings, memoryMb: childMemoryMb };
    return needsReplacement({ alive, uses: trained, memoryBytes }, limits);
  }
}

type DeviceSettings = Pick<
  PoolSettings,
  'device' | 'datasetsDir' | 'threads' | 'devicesPerTrial' | 'visibleDevices'
>;

/** A setup per device of a trial: its GPU, or its part of the processor's cores. */
export function childSetups(
  { device, datasetsDir, threads, devicesPerTrial, visibleDevices }: DeviceSettings,
  modelKind: ModelKind,
): [ChildSetup, ...ChildSetup[]] {
  const common = { resource: device, modelKind, datasetsDir };
  if (devicesPerTrial === 1) return [{ ...common, threads }];
  const gpus = visibleDevices?.split(',').map((name) => name.trim());
  const cores = Math.max(1, Math.floor(availableParallelism() / devicesPerTrial));
  const setup = (rank: number): ChildSetup => ({
    ...common,
    threads: threads ?? (device === 'cpu' ? cores : undefined),
    ...(device === 'gpu' && { visibleDevices: gpus?.[rank] ?? String(rank) }),
  });
  return [setup(0), ...Array.from({ length: devicesPerTrial - 1 }, (_, i) => setup(i + 1))];
}
