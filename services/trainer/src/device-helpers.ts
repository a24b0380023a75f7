/** The devices beyond the first that train an entry together with it, as one. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Failure, TrialJob } from '@onegin/contracts';
import { createGroupFolder, type GroupPlace, type TrainJobOutcome } from '@onegin/training';
import type { ChildSetup } from './child-messages.ts';
import { HelperDevice } from './helper-device.ts';

/** When one device has failed, the others notice by themselves in far less. */
const GRACE_MS = 5000;

export class DeviceHelpers {
  readonly #helpers: readonly HelperDevice[];

  private constructor(helpers: readonly HelperDevice[]) {
    this.#helpers = helpers;
  }

  /** @param setups of the devices beyond the first */
  static async start(setups: readonly ChildSetup[], withinMs: number): Promise<DeviceHelpers> {
    const size = setups.length + 1;
    const started = await Promise.allSettled(
      setups.map((setup, i) => HelperDevice.start(setup, `device ${i + 2} of ${size}`, withinMs)),
    );
    const helpers = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const failed = started.find((one) => one.status === 'rejected');
    if (!failed) return new DeviceHelpers(helpers);
    for (const helper of helpers) helper.kill();
    throw failed.reason;
  }

  get alive(): boolean {
    return this.#helpers.every(({ alive }) => alive);
  }

  get pids(): (number | undefined)[] {
    return this.#helpers.map(({ pid }) => pid);
  }

  kill(): void {
    for (const helper of this.#helpers) helper.kill();
  }

  /**
   * Has all devices train, `first` being what the first one does with its place. A device that fails ends the training
   * of all; its failure is the outcome.
   * @param abandon ends the first device's process when it does not notice
   */
  async train(
    job: TrialJob,
    checkpoint: Uint8Array | undefined,
    first: (place: GroupPlace) => Promise<TrainJobOutcome>,
    abandon: (because: Failure) => void,
  ): Promise<TrainJobOutcome> {
    const size = this.#helpers.length + 1;
    const { folder, remove } = createGroupFolder(size);
    const ended = new AbortController();
    try {
      const helping = this.#helpers.map(async (helper, i) => {
        const failure = await helper.help(job, checkpoint, { folder, rank: i + 1, size });
        if (failure) void this.#abandonLater(failure, abandon, ended.signal);
        return failure;
      });
      const outcome = await first({ folder, rank: 0, size });
      ended.abort();
      return await this.#settled(outcome, helping);
    } finally {
      ended.abort();
      remove();
    }
  }

  async #abandonLater(
    failure: Failure,
    abandon: (because: Failure) => void,
    signal: AbortSignal,
  ): Promise<void> {
    await delay(GRACE_MS, undefined, { signal }).then(
      () => abandon(failure),
      () => undefined,
    );
  }

  /** The outcome, when all have reported or could have; what a helper says of itself explains more than that it left. */
  async #settled(outcome: TrainJobOutcome, helping: Promise<Failure | null>[]): Promise<TrainJobOutcome> {
    const waited = new AbortController();
    const late = delay(GRACE_MS, 'late' as const, { signal: waited.signal }).catch(() => 'late' as const);
    const failures = await Promise.race([Promise.all(helping), late]);
    waited.abort();
    if (failures === 'late') {
      this.kill();
      return outcome;
    }
    if (outcome.status !== 'failed' || outcome.code !== 'training-process-died') return outcome;
    const failure = failures.find((one) => one !== null && !one.message.includes(LEFT)) ?? null;
    return failure ? { status: 'failed', ...failure } : outcome;
  }
}

/** Of the message by which a device says that another is gone. */
const LEFT = 'left the training';
