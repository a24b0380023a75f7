/**
 * How many trainers and plotters would have work right now; what autoscaling reads at /scale.
 *
 * Of trainers per resource: the tasks of the queue that wait, run, or are delayed and due, or what the open
 * studies would train at once, whichever is more. Tasks alone would never bring a second trainer: a study asks
 * for as many trials as the trainers that are there can take. Running trainings count, so that nothing that works
 * is scaled away by number. Where the operator bounds the trainings of all jobs together, more trainers would stand
 * idle: the bound is the most that is asked for, unless more is running still.
 */
import { jobEnded, outcomes, trialQueue, type Resource } from '@onegin/contracts';
import type { StudyLog } from '@onegin/service-kit';
import { createStop, wantedTrainings, type Stop } from '@onegin/study';
import type { Limits } from './demand.ts';
import type { Queues } from './effects.ts';
import { jobPages } from './job-pages.ts';
import { OpenStudies, type OpenStudy } from './open-studies.ts';
import { SamplerPool } from './sampling/sampler-pool.ts';

export type TrainingDemand = Readonly<Record<Resource | 'plots', number>>;

/** Autoscalers ask every few seconds, and several of them. */
const FRESH_MS = 1000;

/** Whether a study's search has ended; looked at again only when a trial got its outcome. */
interface Search {
  readonly stop: Stop;
  outcomes: number;
  ended: boolean;
}

export class DemandReader {
  readonly #log: StudyLog;
  readonly #queues: Queues;
  readonly #limits: Limits;
  /** Separate states: those that decisions use must not change while one is made. */
  readonly #studies: OpenStudies;
  readonly #searches = new Map<string, Search>();
  #latest: { at: number; demand: Promise<TrainingDemand> } | null = null;

  constructor(log: StudyLog, queues: Queues, limits: Limits = {}) {
    this.#log = log;
    this.#queues = queues;
    this.#limits = limits;
    // They propose no trials, so no thread is started.
    this.#studies = new OpenStudies(log, new SamplerPool());
  }

  /** At most a second old. @throws OneginError `redis-unavailable`: an unknown demand is not zero */
  read(): Promise<TrainingDemand> {
    const now = performance.now();
    if (!this.#latest || now - this.#latest.at >= FRESH_MS) {
      const demand = this.#read();
      this.#latest = { at: now, demand };
      demand.catch(() => (this.#latest = null));
    }
    return this.#latest.demand;
  }

  async #read(): Promise<TrainingDemand> {
    const wanted: Record<Resource, number> = { cpu: 0, gpu: 0 };
    for (const jobId of await this.#openJobs()) {
      const study = await this.#studies.current(jobId);
      if (study) wanted[study.state.config.resource] += this.#wantedBy(study);
    }
    return {
      cpu: await this.#trainers('cpu', wanted.cpu),
      gpu: await this.#trainers('gpu', wanted.gpu),
      plots: await this.#queues.plots.demand(),
    };
  }

  async #trainers(resource: Resource, wanted: number): Promise<number> {
    const queue = this.#queues[trialQueue(resource)];
    const all = Math.max(wanted, await queue.demand());
    const limit = this.#limits[resource];
    if (limit === undefined || all <= limit) return all;
    return Math.max(limit, (await queue.depth()).active);
  }

  #wantedBy({ state }: OpenStudy): number {
    const search = this.#searches.get(state.jobId) ?? {
      stop: createStop(state.config),
      outcomes: -1,
      ended: false,
    };
    this.#searches.set(state.jobId, search);
    const now = outcomes(state);
    if (!search.ended && search.outcomes !== now) {
      search.ended = search.stop(state, Date.now()) !== null;
      search.outcomes = now;
    }
    return wantedTrainings(state, search.ended);
  }

  async #openJobs(): Promise<string[]> {
    const open: string[] = [];
    for await (const page of jobPages(this.#log)) {
      const statuses = await this.#log.jobStatuses(page);
      open.push(...page.filter((_, i) => statuses[i] && !jobEnded(statuses[i])));
    }
    for (const jobId of [...this.#searches.keys()])
      if (!open.includes(jobId)) {
        this.#searches.delete(jobId);
        this.#studies.forget(jobId);
      }
    return open;
  }
}
