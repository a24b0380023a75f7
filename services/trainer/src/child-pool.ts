/** The one warm training process of this trainer; replaced when it died, grew, got old, or is of the wrong kind. */
import type { ModelKind } from '@onegin/contracts';
import type { Logger } from '@onegin/service-kit';
import type { TrainerConfig } from './config.ts';
import { TrainingChild } from './training-child.ts';

type PoolSettings = Pick<
  TrainerConfig,
  'device' | 'datasetsDir' | 'threads' | 'childTrainings' | 'childMemoryMb'
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

  /** What the present process computes with; null before the first. */
  get engine(): TrainingChild['engine'] {
    return this.#child?.engine ?? null;
  }

  /** @throws Error when no engine can be had */
  async take(modelKind: ModelKind): Promise<TrainingChild> {
    // Whoever asked for it may have gone away before it was there.
    if (this.#starting?.modelKind === modelKind) return this.#starting.child;
    await this.#starting?.child.catch(() => undefined);
    const reason = this.#child && this.#unfit(this.#child, modelKind);
    if (this.#child && reason === null) return this.#child;
    if (reason) this.#logger.info({ reason }, 'the training process is replaced');
    this.#child?.kill();
    this.#child = null;
    const child = this.#start(modelKind).finally(() => (this.#starting = null));
    this.#starting = { modelKind, child };
    return child;
  }

  async #start(modelKind: ModelKind): Promise<TrainingChild> {
    const { device, datasetsDir, threads } = this.#settings;
    const child = await TrainingChild.start({ resource: device, modelKind, datasetsDir, threads });
    if (this.#closed) child.kill();
    else this.#child = child;
    this.#logger.info({ engine: child.engine, pid: child.pid }, 'training process ready');
    return child;
  }

  close(): void {
    this.#closed = true;
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
