/** The trials of one study as a sampler thread knows them, and what it proposes next. */
import type { NewStudyEvent, Params, StudyConfig } from '@onegin/contracts';
import type { Trial } from '@onegin/search';
import { createPropose, type ProposalQuality, type Propose } from '@onegin/study';

/** Proposals are sent at this interval, so that a waiting study has the first ones before the last are made. */
export const SLICE_MS = 25;
/**
 * How long trainers may wait in all for proposals of full quality. What cannot be made in that time is made by a
 * quick sampler, first of all: idle trainers cost more than a better guess brings.
 */
const PATIENCE_MS = 400;
const MOST_FULL = 8;
/** Weight of the newest proposal of full quality in the estimate of what one takes. */
const NEWEST = 0.5;

export class Proposals {
  readonly #propose: Propose;
  readonly #trials: Trial[] = [];
  readonly #now: () => number;
  /** What a proposal of full quality takes, in ms, by the last ones. */
  #fullMs = 0;

  constructor(config: StudyConfig, now: () => number = () => performance.now()) {
    this.#propose = createPropose(config);
    this.#now = now;
  }

  /** Brings the history up to date. @param count trials there are */
  update(changes: readonly Trial[], count: number): void {
    for (const trial of changes) {
      const known = this.#trials[trial.number];
      // Samplers know a trial's parameters again by their identity.
      const params = known && sameParams(known.params, trial.params) ? known.params : trial.params;
      this.#trials[trial.number] = { ...trial, params };
    }
    this.#trials.length = count;
  }

  /** Events for the first of the numbers, one number at least. */
  next(numbers: readonly number[]): NewStudyEvent[] {
    const excess = numbers.length - this.#patientFor(numbers.length);
    const quality = excess > 0 ? 'quick' : 'full';
    const begin = this.#now();
    const events: NewStudyEvent[] = [];
    let before = begin;
    for (const number of excess > 0 ? numbers.slice(0, excess) : numbers) {
      events.push(...this.#one(number, quality));
      const now = this.#now();
      if (quality === 'full') this.#fullMs += NEWEST * (now - before - this.#fullMs);
      before = now;
      if (now - begin >= SLICE_MS) break;
    }
    return events;
  }

  /** How many of the wanted trials can be of full quality. */
  #patientFor(wanted: number): number {
    if (this.#fullMs * wanted <= SLICE_MS) return wanted;
    return Math.max(1, Math.min(MOST_FULL, Math.floor(PATIENCE_MS / this.#fullMs)));
  }

  #one(number: number, quality: ProposalQuality): NewStudyEvent[] {
    const { trial, events } = this.#propose(number, this.#trials, quality);
    this.#trials[number] = trial;
    return events;
  }
}

function sameParams(a: Params, b: Params): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.is(a[name], b[name]));
}
