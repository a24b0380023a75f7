/**
 * The studies that are under way, in memory: their state, and what asks and judges for them. A study is read once
 * and then followed by what its log gains, so that a decision costs as much at the thousandth trial as at the first.
 */
import { jobEnded, type StudyConfig, type StudyState } from '@onegin/contracts';
import type { StudyLog } from '@onegin/service-kit';
import { createAsk, createJudge, createStop, type DecisionContext } from '@onegin/study';

/** Hears how long a sampler took, and for how many trials it failed. */
export type AskObserver = (sampler: string, seconds: number, failures: number) => void;

/** What remembers, beside the state, how to propose, prune and stop. */
type Policy = Pick<DecisionContext, 'ask' | 'judge' | 'stop'>;

export class OpenStudy {
  readonly state: StudyState;
  /** Sequence number of the last snapshot that this process wrote or read. */
  snapshotSeq: number;
  /** When the queues were last compared with the state, in ms since 1970. */
  comparedAt = 0;
  /** Failures of advancing it, in a row. */
  failures = 0;
  readonly #asked: AskObserver;
  #policy: Policy | null = null;

  constructor(state: StudyState, asked: AskObserver) {
    this.state = state;
    this.#asked = asked;
    this.snapshotSeq = state.seq;
  }

  /** Made when first used, so that what can't be made is a failure of this study alone. */
  get policy(): Policy {
    const { config } = this.state;
    return (this.#policy ??= {
      ask: this.#timedAsk(config),
      judge: createJudge(config),
      stop: createStop(config),
    });
  }

  #timedAsk(config: StudyConfig): Policy['ask'] {
    const ask = createAsk(config);
    return (state, numbers) => {
      const startedAt = performance.now();
      const events = ask(state, numbers);
      const failures = events.filter((event) => event.type === 'TrialQueued' && event.source === 'defaults');
      this.#asked(config.request.sampler, (performance.now() - startedAt) / 1000, failures.length);
      return events;
    };
  }
}

export class OpenStudies {
  readonly #log: StudyLog;
  readonly #asked: AskObserver;
  readonly #studies = new Map<string, OpenStudy>();

  constructor(log: StudyLog, asked: AskObserver = () => undefined) {
    this.#log = log;
    this.#asked = asked;
  }

  /** The study as its log says now; null: there is no such job. */
  async current(jobId: string): Promise<OpenStudy | null> {
    const known = this.#studies.get(jobId);
    const state = known ? await this.#log.follow(jobId, known.state) : await this.#log.load(jobId);
    if (!state) {
      this.#studies.delete(jobId);
      return null;
    }
    // Another object: Redis lost its last writes, and what was remembered of them counts no more.
    if (known && known.state === state) return known;
    const study = new OpenStudy(state, this.#asked);
    if (!jobEnded(state.status)) this.#studies.set(jobId, study);
    return study;
  }

  forget(jobId: string): void {
    this.#studies.delete(jobId);
  }

  get size(): number {
    return this.#studies.size;
  }

  states(): StudyState[] {
    return [...this.#studies.values()].map(({ state }) => state);
  }
}
