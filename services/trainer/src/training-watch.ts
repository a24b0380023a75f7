/** Looks whether a training still moves, and whether its time is up. */
import type { Failure } from '@onegin/contracts';

export interface TrainLimits {
  /** How long it may go without a step before it is killed. */
  hungAfterSeconds: number;
  timeLimitSeconds?: number | undefined;
}

/** Calls `end` when nothing was heard for too long, or when the whole time is up. */
export class TrainingWatch {
  readonly #limits: TrainLimits;
  readonly #end: (failure: Failure) => void;
  readonly #whole: NodeJS.Timeout | undefined;
  #quiet: NodeJS.Timeout | undefined;
  #ended = false;

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
    if (this.#ended) return;
    const { hungAfterSeconds } = this.#limits;
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(
      () => this.#end({ code: 'training-hung', message: `training made no step for ${hungAfterSeconds} s` }),
      hungAfterSeconds * 1000,
    );
  }

  /** For work of the trainer's, such as storing an epoch: its time is not the training's. */
  async pausedFor<Result>(work: Result | Promise<Result>): Promise<Result> {
    clearTimeout(this.#quiet);
    try {
      return await work;
    } finally {
      this.sign();
    }
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#quiet);
    clearTimeout(this.#whole);
  }
}
