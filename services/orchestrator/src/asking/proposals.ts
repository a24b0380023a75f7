/** The trials of one study as an asking thread knows them, and what it proposes next. */
import type { NewStudyEvent, Params, StudyConfig } from '@onegin/contracts';
import type { Trial } from '@onegin/search';
import { createPropose, type Propose } from '@onegin/study';

/**
 * For so long trials are proposed with care, one at least. After it, trainers that stand idle get quick proposals,
 * and who will need a trial later waits for the next time.
 */
export const CAREFUL_MS = 25;

export class Proposals {
  readonly #propose: Propose;
  readonly #trials: Trial[] = [];
  readonly #now: () => number;

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
  next(numbers: readonly number[], idle: number): NewStudyEvent[] {
    const begin = this.#now();
    const events: NewStudyEvent[] = [];
    for (const [place, number] of numbers.entries()) {
      const late = place > 0 && this.#now() - begin >= CAREFUL_MS;
      if (late && place >= idle) break;
      const { trial, events: proposed } = this.#propose(number, this.#trials, late ? 'quick' : 'careful');
      this.#trials[number] = trial;
      events.push(...proposed);
    }
    return events;
  }
}

function sameParams(a: Params, b: Params): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.is(a[name], b[name]));
}
