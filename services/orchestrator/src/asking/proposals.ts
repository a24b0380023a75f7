/** The trials of one study as an asking thread knows them, and what it proposes next. */
import type { NewStudyEvent, Params, StudyConfig } from '@onegin/contracts';
import type { Trial } from '@onegin/search';
import { createPropose, type Care, type Propose } from '@onegin/study';

/** Proposals go out after so long, so that whoever waits has the first ones before the last are made. */
export const SLICE_MS = 25;
/**
 * Trainers may have to wait for so long in all for careful proposals. What cannot be made in that time is made by a
 * quick sampler, first of all: idle trainers cost more than a better guess brings.
 */
const PATIENCE_MS = 400;
const MOST_CAREFUL = 8;
/** Weight of the newest careful proposal in the estimate of what one takes. */
const NEWEST = 0.5;

export class Proposals {
  readonly #propose: Propose;
  readonly #trials: Trial[] = [];
  readonly #now: () => number;
  /** What a careful proposal takes, in ms, by the last ones. */
  #carefulMs = 0;

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
    const care = excess > 0 ? 'quick' : 'careful';
    const begin = this.#now();
    const events: NewStudyEvent[] = [];
    let before = begin;
    for (const number of excess > 0 ? numbers.slice(0, excess) : numbers) {
      events.push(...this.#one(number, care));
      const now = this.#now();
      if (care === 'careful') this.#carefulMs += NEWEST * (now - before - this.#carefulMs);
      before = now;
      if (now - begin >= SLICE_MS) break;
    }
    return events;
  }

  /** How many of the wanted trials can be proposed with care. */
  #patientFor(wanted: number): number {
    if (this.#carefulMs * wanted <= SLICE_MS) return wanted;
    return Math.max(1, Math.min(MOST_CAREFUL, Math.floor(PATIENCE_MS / this.#carefulMs)));
  }

  #one(number: number, care: Care): NewStudyEvent[] {
    const { trial, events } = this.#propose(number, this.#trials, care);
    this.#trials[number] = trial;
    return events;
  }
}

function sameParams(a: Params, b: Params): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.is(a[name], b[name]));
}
