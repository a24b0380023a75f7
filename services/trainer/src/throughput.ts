/** How fast this trainer trains: batches a second, of the current training and of the last ones. */
import type { BatchProgress } from '@onegin/training';

/** Weight of the newest training in the typical speed. Networks differ in size, so one alone says little. */
const NEWEST = 0.3;

export class Throughput {
  readonly #now: () => number;
  #count = 0;
  #since = 0;
  #perSecond: number | null = null;
  /** Of the current training, between its first report and its last. */
  #steps = 0;
  #seconds = 0;
  #typicalLog: number | null = null;

  /** @param now in ms, on a monotonic clock */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Of the current training, between its last two reports; null before. */
  get perSecond(): number | null {
    return this.#perSecond;
  }

  /** Of the last trainings, the newest counting most; null before the first has ended. */
  get typical(): number | null {
    return this.#typicalLog === null ? null : Math.exp(this.#typicalLog);
  }

  begin(): void {
    this.#count = 0;
    this.#perSecond = null;
    this.#steps = 0;
    this.#seconds = 0;
  }

  progress({ epoch, batch, batches }: Pick<BatchProgress, 'epoch' | 'batch' | 'batches'>): void {
    const count = (epoch - 1) * batches + batch;
    const now = this.#now();
    const seconds = (now - this.#since) / 1000;
    if (this.#count > 0 && seconds > 0 && count > this.#count) {
      this.#perSecond = (count - this.#count) / seconds;
      this.#steps += count - this.#count;
      this.#seconds += seconds;
    }
    this.#count = count;
    this.#since = now;
  }

  end(): void {
    if (this.#seconds > 0) {
      // A mean of logarithms: twice as fast and half as fast weigh alike.
      const newest = Math.log(this.#steps / this.#seconds);
      this.#typicalLog = (this.#typicalLog ?? newest) * (1 - NEWEST) + newest * NEWEST;
    }
    this.begin();
  }
}
