/**
 * The open studies in memory: their state, and what proposes and judges their trials. A study is read once
 * and then followed by what its log gains, so that a decision costs as much at the thousandth trial as at the first.
 */
import { jobEnded, type StudyState } from '@onegin/contracts';
import type { StudyLog } from '@onegin/service-kit';
import { createJudge, createStop, type DecisionContext } from '@onegin/study';
import type { SamplerPool, SamplerSession } from './sampling/sampler-pool.ts';

/** Pruning and stopping keep a memory besides the state. */
type Policy = Pick<DecisionContext, 'judge' | 'stop'>;

export class OpenStudy {
  readonly state: StudyState;
  /** Sequence number of the last snapshot that this process wrote or read. */
  snapshotSeq: number;
  /** When the queues were last compared with the state, in ms since 1970. */
  comparedAt = 0;
  /** Failures of advancing it, in a row. */
  failures = 0;
  readonly #samplers: Pick<SamplerPool, 'open'>;
  #policy: Policy | null = null;
  #sampler: SamplerSession | null = null;

  constructor(state: StudyState, samplers: Pick<SamplerPool, 'open'>) {
    this.state = state;
    this.#samplers = samplers;
    this.snapshotSeq = state.seq;
  }

  /** Made when first used, so that what can't be made is a failure of this study alone. */
  get policy(): Policy {
    const { config } = this.state;
    return (this.#policy ??= {
      judge: createJudge(config),
      stop: createStop(config),
    });
  }

  /** Proposes its trials; made when first used. */
  get sampler(): SamplerSession {
    return (this.#sampler ??= this.#samplers.open(this.state.config));
  }

  close(): void {
    this.#sampler?.end();
    this.#sampler = null;
  }
}

export class OpenStudies {
  readonly #log: StudyLog;
  readonly #samplers: Pick<SamplerPool, 'open'>;
  readonly #studies = new Map<string, OpenStudy>();

  constructor(log: StudyLog, samplers: Pick<SamplerPool, 'open'>) {
    this.#log = log;
    this.#samplers = samplers;
  }

  /** The study as its log says now; null: there is no such job. */
  async current(jobId: string): Promise<OpenStudy | null> {
    const known = this.#studies.get(jobId);
    const state = known ? await this.#log.follow(jobId, known.state) : await this.#log.load(jobId);
    if (known && known.state === state) return known;
    // Another object: Redis lost its last writes, so what was remembered of them is void.
    this.forget(jobId);
    if (!state) return null;
    const study = new OpenStudy(state, this.#samplers);
    if (!jobEnded(state.status)) this.#studies.set(jobId, study);
    return study;
  }

  forget(jobId: string): void {
    this.#studies.get(jobId)?.close();
    this.#studies.delete(jobId);
  }

  get size(): number {
    return this.#studies.size;
  }

  states(): StudyState[] {
    return [...this.#studies.values()].map(({ state }) => state);
  }
}
