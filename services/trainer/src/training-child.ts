/**
 * A warm training process, seen from the trainer: trains one entry at a time, is killed when it hangs, and says in
 * clear words why it died when it does.
 */
import { fork, type ChildProcess } from 'node:child_process';
import type { EpochSummary, Failure, TrialJob } from '@onegin/contracts';
import type { PreparedStore } from '@onegin/datasets';
import type { BatchProgress, EngineInfo, GroupPlace, StopSignal, TrainJobOutcome } from '@onegin/training';
import type { ChildSetup, FromChild, ToChild } from './child-messages.ts';
import { deathNotice, type ProcessExit } from './death-notice.ts';
import { DeviceHelpers } from './device-helpers.ts';

const STDERR_KEPT = 4000;

export interface TrainHooks {
  onEpoch: (summary: EpochSummary, checkpoint: Uint8Array) => Promise<'continue' | 'stop'>;
  onProgress: (progress: BatchProgress) => void;
  /** Where prepared datasets are shared; without it each trainer prepares its own. */
  datasets?: PreparedStore;
}

export interface TrainLimits {
  /** Without a step for so long it is killed. */
  hungAfterSeconds: number;
  timeLimitSeconds?: number | undefined;
}

export class TrainingChild {
  readonly setup: ChildSetup;
  engine: EngineInfo | null = null;
  /** Resident memory after the last training. */
  memoryBytes = 0;
  /** How many trainings it has done. */
  trained = 0;
  readonly #process: ChildProcess;
  #stderr = '';
  #exit: ProcessExit | null = null;
  #helpers: DeviceHelpers | null = null;
  #killedFor: Failure | null = null;
  #listener: ((message: FromChild | { type: 'exit' }) => void) | null = null;

  private constructor(setup: ChildSetup) {
    this.setup = setup;
    this.#process = fork(new URL('./training-process.ts', import.meta.url), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#process.stderr!.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-STDERR_KEPT);
    });
    this.#process.on('message', (message) => this.#listener?.(message as FromChild));
    // A process that cannot be forked emits no exit.
    this.#process.on('error', () => this.#ended(null, null));
    this.#process.on('exit', (code, signal) => this.#ended(code, signal));
  }

  /**
   * @param helpers setups of the devices beyond the first that train together with it
   * @throws Error with the reason when the engine cannot be had or a process dies.
   */
  static async start(setup: ChildSetup, helpers: readonly ChildSetup[] = []): Promise<TrainingChild> {
    const child = new TrainingChild(setup);
    const ready = new Promise<void>((resolve, reject) => {
      child.#listener = (message) => {
        if (message.type === 'ready') {
          child.engine = message.engine;
          resolve();
        } else if (message.type === 'unable') reject(new Error(message.message));
        else if (message.type === 'exit') reject(new Error(child.#deathNotice().message));
      };
    });
    child.#send({ type: 'setup', setup });
    try {
      await ready;
      if (helpers.length > 0) child.#helpers = await DeviceHelpers.start(helpers);
    } catch (error) {
      child.kill();
      throw error;
    }
    return child;
  }

  get alive(): boolean {
    return this.#exit === null && (this.#helpers?.alive ?? true);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Of the processes of further devices. */
  get helperPids(): (number | undefined)[] {
    return this.#helpers?.pids ?? [];
  }

  /** Trains; a process that dies or is killed gives a failed outcome, never an exception. */
  async train(
    job: TrialJob,
    checkpoint: Uint8Array | undefined,
    hooks: TrainHooks,
    limits: TrainLimits,
  ): Promise<TrainJobOutcome> {
    const first = (place?: GroupPlace) => this.#trainFirst({ job, checkpoint, place }, hooks, limits);
    if (!this.#helpers) return first();
    return this.#helpers.train(job, checkpoint, first, (failure) => this.kill(failure));
  }

  async #trainFirst(
    what: { job: TrialJob; checkpoint: Uint8Array | undefined; place: GroupPlace | undefined },
    hooks: TrainHooks,
    limits: TrainLimits,
  ): Promise<TrainJobOutcome> {
    const watch = new Watch(limits, (failure) => this.kill(failure));
    try {
      return await new Promise<TrainJobOutcome>((resolve, reject) => {
        this.#listener = (message) => {
          watch.sign();
          if (message.type === 'progress') hooks.onProgress(message.progress);
          else if (message.type === 'dataset') {
            // Fetching a dataset is no step; the store has time limits of its own.
            watch.pause();
            void this.#shareDataset(message, hooks.datasets).then(() => watch.sign());
          } else if (message.type === 'epoch') {
            // Storing an epoch is the trainer's time, not the training's.
            watch.pause();
            hooks
              .onEpoch(message.summary, message.checkpoint)
              .then((verdict) => {
                watch.sign();
                this.#send({ type: 'verdict', verdict });
              })
              .catch(reject);
          } else if (message.type === 'outcome') {
            this.memoryBytes = message.memoryBytes;
            this.trained++;
            resolve(message.outcome);
          } else if (message.type === 'exit') resolve({ status: 'failed', ...this.#deathNotice() });
        };
        if (this.#exit === null) this.#send({ type: 'train', ...what });
        else resolve({ status: 'failed', ...this.#deathNotice() });
      });
    } finally {
      watch.end();
      this.#listener = null;
    }
  }

  async #shareDataset(
    { id, action, name, path }: Extract<FromChild, { type: 'dataset' }>,
    datasets: PreparedStore | undefined,
  ): Promise<void> {
    const ask = async () => (action === 'get' ? datasets?.get(name, path) : datasets?.put(name, path));
    const done = await ask().catch(() => false);
    this.#send({ type: 'dataset', id, done: done === true });
  }

  /** Ends the present training at its next batch. */
  stop(signal: StopSignal): void {
    this.#send({ type: 'stop', signal });
  }

  kill(because: Failure | null = null): void {
    this.#killedFor ??= because;
    this.#process.kill('SIGKILL');
    this.#helpers?.kill();
  }

  #send(message: ToChild): void {
    if (this.#process.connected) this.#process.send(message, () => undefined);
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    this.#exit ??= { code, signal };
    this.#listener?.({ type: 'exit' });
  }

  #deathNotice(): Failure {
    const exit = this.#exit ?? { code: null, signal: null };
    return this.#killedFor ?? deathNotice(exit, this.#stderr, 'the training process');
  }
}

/** Calls `end` when nothing was heard for too long, or when the whole time is up. */
class Watch {
  readonly #limits: TrainLimits;
  readonly #end: (failure: Failure) => void;
  readonly #whole: NodeJS.Timeout | undefined;
  #quiet: NodeJS.Timeout | undefined;

  constructor(limits: TrainLimits, end: (failure: Failure) => void) {
    this.#limits = limits;
    this.#end = end;
    const { timeLimitSeconds } = limits;
    if (timeLimitSeconds !== undefined)
      this.#whole = setTimeout(
        () =>
          end({
            code: 'time-limit',
            message: `the trial took longer than its limit of ${timeLimitSeconds} s`,
          }),
        Math.min(timeLimitSeconds * 1000, 2 ** 31 - 1),
      );
    this.sign();
  }

  sign(): void {
    const { hungAfterSeconds } = this.#limits;
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(
      () => this.#end({ code: 'training-hung', message: `training made no step for ${hungAfterSeconds} s` }),
      hungAfterSeconds * 1000,
    );
  }

  pause(): void {
    clearTimeout(this.#quiet);
  }

  end(): void {
    clearTimeout(this.#quiet);
    clearTimeout(this.#whole);
  }
}
