/**
 * A warm training process, seen from the trainer: trains one entry at a time, is killed when it hangs, and says in
 * clear words why it died when it does.
 */
import { AsyncResource } from 'node:async_hooks';
import { fork, type ChildProcess } from 'node:child_process';
import type { EpochSummary, Failure, TrialJob } from '@onegin/contracts';
import type { PreparedStore } from '@onegin/datasets';
import type { BatchProgress, EngineInfo, StopSignal, TrainJobOutcome } from '@onegin/training';
import type { ChildSetup, FromChild, ToChild } from './child-messages.ts';
import { OomKills } from './oom-kills.ts';

const STDERR_KEPT = 4000;
/** Loading an engine takes seconds, on a busy machine more. */
const START_LIMIT_MS = 120_000;
/** Status of a process that SIGKILL ended, as a shell around it reports it. */
const KILLED_IN_A_SHELL = 137;
/** What TensorFlow says at every start, whatever its log level is. */
const CHATTER = /^(WARNING: All log messages before absl::InitializeLog|I\d{4} )/;

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
  #exit: { code: number | null; signal: NodeJS.Signals | null } | null = null;
  #killed = false;
  #killedFor: Failure | null = null;
  #oomKills: OomKills;
  #listener: ((message: FromChild | { type: 'exit' }) => void) | null = null;

  private constructor(setup: ChildSetup) {
    this.setup = setup;
    this.#process = fork(new URL('./training-process.ts', import.meta.url), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#oomKills = new OomKills(this.#process.pid);
    this.#process.stderr!.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-STDERR_KEPT);
    });
    this.#process.on('message', (message) => this.#listener?.(message as FromChild));
    // A process that cannot be forked emits no exit.
    this.#process.on('error', () => this.#ended(null, null));
    this.#process.on('exit', (code, signal) => this.#ended(code, signal));
  }

  /**
   * @param withinMs a process that does not say in time that its engine is there is given up
   * @throws Error with the reason when the engine cannot be had or the process dies.
   */
  static async start(setup: ChildSetup, withinMs = START_LIMIT_MS): Promise<TrainingChild> {
    const child = new TrainingChild(setup);
    const limit = setTimeout(() => child.kill(notStarted(withinMs)), withinMs);
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
    } catch (error) {
      child.kill();
      throw error;
    } finally {
      clearTimeout(limit);
    }
    return child;
  }

  get alive(): boolean {
    return this.#exit === null && !this.#killed;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Trains; a process that dies or is killed gives a failed outcome, never an exception. */
  async train(
    job: TrialJob,
    checkpoint: Uint8Array | undefined,
    hooks: TrainHooks,
    limits: TrainLimits,
  ): Promise<TrainJobOutcome> {
    this.#oomKills = new OomKills(this.pid);
    // An outcome must not overtake the epoch before it, which may still be on its way into the log.
    let telling: Promise<unknown> = Promise.resolve();
    const watch = new Watch(limits, (failure) => this.kill(failure));
    try {
      return await new Promise<TrainJobOutcome>((resolve, reject) => {
        // What a message causes belongs to this training, not to whatever ran when the process was started.
        this.#listener = AsyncResource.bind((message: FromChild | { type: 'exit' }) => {
          watch.sign();
          if (message.type === 'progress') hooks.onProgress(message.progress);
          else if (message.type === 'dataset') {
            // Fetching a dataset is no step; the store has time limits of its own.
            watch.pause();
            void this.#shareDataset(message, hooks.datasets).then(() => watch.sign());
          } else if (message.type === 'epoch') {
            // Storing an epoch is the trainer's time, not the training's.
            watch.pause();
            telling = hooks
              .onEpoch(message.summary, message.checkpoint)
              .then((verdict) => {
                watch.sign();
                this.#send({ type: 'verdict', verdict });
              })
              .catch(reject);
          } else if (message.type === 'outcome') {
            this.memoryBytes = message.memoryBytes;
            this.trained++;
            watch.end();
            void telling.then(() => resolve(message.outcome));
          } else if (message.type === 'exit')
            void telling.then(() => resolve({ status: 'failed', ...this.#deathNotice() }));
        });
        if (this.alive) this.#send({ type: 'train', job, checkpoint });
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
    this.#killed = true;
    this.#killedFor ??= because;
    this.#process.kill('SIGKILL');
  }

  #send(message: ToChild): void {
    if (this.#process.connected) this.#process.send(message, () => undefined);
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    this.#exit ??= { code, signal };
    this.#listener?.({ type: 'exit' });
  }

  #deathNotice(): Failure {
    if (this.#killedFor) return this.#killedFor;
    const { code, signal } = this.#exit ?? { code: null, signal: null };
    const outOfMemory = this.#ranOutOfMemory(code, signal);
    const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
    const why = outOfMemory ? ' for lack of memory' : '';
    const said = this.#stderr
      .split('\n')
      .filter((line) => line.trim() !== '' && !CHATTER.test(line))
      .slice(-3)
      .join(' ');
    return {
      code: outOfMemory ? 'out-of-memory' : 'training-process-died',
      message: `the training process ${how}${why}${said ? `: ${said}` : ''}`.slice(0, 2000),
    };
  }

  /**
   * The process says so itself, or the kernel has counted it. Where the kernel doesn't say, a SIGKILL that nobody
   * here sent is taken for it.
   */
  #ranOutOfMemory(code: number | null, signal: NodeJS.Signals | null): boolean {
    if (/heap out of memory|bad_alloc|OOM when allocating|Cannot allocate memory/i.test(this.#stderr))
      return true;
    const killed = signal === 'SIGKILL' || code === KILLED_IN_A_SHELL;
    return killed && (this.#oomKills.happened ?? true);
  }
}

const notStarted = (ms: number): Failure => ({
  code: 'engine-unavailable',
  message: `the training process did not load its engine within ${ms / 1000} s`,
});

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
