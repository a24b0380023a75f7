/** The one warm training process of this trainer; replaced when it died, grew, got old, or is of the wrong kind. */
import type { ModelKind } from '@onegin/contracts';
import type { Logger } from '@onegin/service-kit';
import type { TrainerConfig } from './config.ts';
import { TrainingChild } from './training-child.ts';

type PoolSettings = Pick<
  TrainerConfig,
  'resource' | 'datasetsDir' | 'threads' | 'childTrainings' | 'childMemoryMb'
>;

export class ChildPool {
  readonly #settings: PoolSettings;
  readonly #logger: Logger;
  #child: TrainingChild | null = null;

  constructor(settings: PoolSettings, logger: Logger) {
    this.#settings = settings;
    this.#logger = logger;
  }

  /** What the present process computes with; null before the first. */
  get engine(): TrainingChild['engine'] {
    return this.#child?.engine ?? null;
  }

  /** @throws Error when no engine can be had */
  async take(modelKind: ModelKind): Promise<TrainingChild> {
    const reason = this.#child && this.#unfit(this.#child, modelKind);
    if (this.#child && reason === null) return this.#child;
    if (reason) this.#logger.info({ reason }, 'the training process is replaced');
    this.#child?.kill();
    const { resource, datasetsDir, threads } = this.#settings;
    this.#child = null;
    this.#child = await TrainingChild.start({ resource, modelKind, datasetsDir, threads });
    this.#logger.info({ engine: this.#child.engine, pid: this.#child.pid }, 'training process ready');
    return this.#child;
  }

  close(): void {
    this.#child?.kill();
    this.#child = null;
  }

  #unfit(child: TrainingChild, modelKind: ModelKind): string | null {
    const { childTrainings, childMemoryMb } = this.#settings;
    if (!child.alive) return 'it has ended';
    // TensorFlow's threads are fixed when it loads, and LSTMs want fewer.
    if (child.setup.modelKind !== modelKind) return `it was set up for a ${child.setup.modelKind}`;
    if (child.trained >= childTrainings) return `it has done ${child.trained} trainings`;
    if (child.memoryBytes > childMemoryMb * 2 ** 20)
      return `it holds ${Math.round(child.memoryBytes / 2 ** 20)} MB`;
    return null;
  }
}
