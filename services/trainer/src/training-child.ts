/** Warm training processes, one per device of a trial: they train one task at a time and are killed when it hangs. */
import { failureOf, OneginError, type EpochSummary, type Failure, type TrialJob } from '@onegin/contracts';
import type { PreparedStore } from '@onegin/datasets';
import type { BatchProgress, EngineInfo, StopSignal, TrainJobOutcome } from '@onegin/training';
import { DeviceProcess } from './device-process.ts';
import { trainTogether } from './train-together.ts';
import type { ChildSetup, TrainingWork } from './training-methods.ts';
import { TrainingWatch, type TrainLimits } from './training-watch.ts';

/** Loading an engine takes seconds, on a busy machine more. */
const START_LIMIT_MS = 120_000;

export interface TrainHooks {
  onEpoch: (summary: EpochSummary, checkpoint: Uint8Array) => Promise<'continue' | 'stop'>;
  onProgress: (progress: BatchProgress) => void;
  /** Where prepared datasets are shared; without it each trainer prepares its own. */
  datasets?: PreparedStore;
}

export class TrainingChild {
  readonly setup: ChildSetup;
  /** Resident memory after the last training. */
  memoryBytes = 0;
  /** How many trainings it has done. */
  trained = 0;
  readonly #first: DeviceProcess;
  /** Of further devices. */
  readonly #helpers: readonly DeviceProcess[];

  private constructor(setup: ChildSetup, [first, ...helpers]: readonly DeviceProcess[]) {
    this.setup = setup;
    this.#first = first!;
    this.#helpers = helpers;
  }

  /**
   * @param withinMs a process that does not say in time that its engine is there is given up
   * @param others setups of the devices beyond the first that train together with it
   * @throws OneginError with the reason when the engine is not available or a process dies
   */
  static async start(
    setup: ChildSetup,
    withinMs = START_LIMIT_MS,
    others: readonly ChildSetup[] = [],
  ): Promise<TrainingChild> {
    const size = 1 + others.length;
    const nameOf = (i: number) =>
      i === 0 ? 'the training process' : `the process of device ${i + 1} of ${size}`;
    const started = await Promise.allSettled(
      [setup, ...others].map((each, i) => DeviceProcess.start(each, nameOf(i), withinMs)),
    );
    const devices = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const failed = started.find((one) => one.status === 'rejected');
    if (!failed) return new TrainingChild(setup, devices);
    for (const device of devices) device.kill();
    throw failed.reason;
  }

  get alive(): boolean {
    return this.#all.every(({ alive }) => alive);
  }

  get pid(): number | undefined {
    return this.#first.pid;
  }

  get engine(): EngineInfo | null {
    return this.#first.engine;
  }

  get helperPids(): (number | undefined)[] {
    return this.#helpers.map(({ pid }) => pid);
  }

  get #all(): readonly DeviceProcess[] {
    return [this.#first, ...this.#helpers];
  }

  /** Trains; a process that dies or is killed gives a failed outcome, never an exception. */
  async train(
    job: TrialJob,
    checkpoint: Uint8Array | undefined,
    hooks: TrainHooks,
    limits: TrainLimits,
  ): Promise<TrainJobOutcome> {
    const work = { job, checkpoint };
    for (const device of this.#all) device.beginTraining();
    if (this.#helpers.length === 0) return this.#trainFirst(work, hooks, limits);
    return trainTogether(
      this.#helpers,
      work,
      (place) => this.#trainFirst({ ...work, place }, hooks, limits),
      (failure) => this.kill(failure),
    );
  }

  async #trainFirst(work: TrainingWork, hooks: TrainHooks, limits: TrainLimits): Promise<TrainJobOutcome> {
    const watch = new TrainingWatch(limits, (failure) => this.kill(failure));
    let logging: Promise<unknown> = Promise.resolve();
    this.#first.handle({
      progress: (progress) => {
        watch.sign();
        hooks.onProgress(progress);
      },
      epochEnded: ({ summary, checkpoint }) => {
        const verdict = watch.pausedFor(hooks.onEpoch(summary, checkpoint));
        logging = verdict.catch(() => undefined);
        return verdict;
      },
      getDataset: async ({ name, path }) => (await watch.pausedFor(hooks.datasets?.get(name, path))) ?? false,
      putDataset: ({ name, path }) => watch.pausedFor(hooks.datasets?.put(name, path)),
    });
    try {
      const { outcome, memoryBytes } = await this.#first.request('train', work);
      this.memoryBytes = memoryBytes;
      this.trained++;
      return outcome;
    } catch (error) {
      return { status: 'failed', ...failureOf(error, 'training-failed') };
    } finally {
      watch.end();
      // The epoch before the outcome may still be on its way into the log, and comes first.
      await logging;
    }
  }

  /** Ends the current training at its next batch. */
  stop(signal: StopSignal): void {
    this.#first.notify('stop', signal);
  }

  kill(because: Failure | null = null): void {
    this.#first.kill(because && new OneginError(because.code, because.message));
    for (const helper of this.#helpers) helper.kill();
  }
}
