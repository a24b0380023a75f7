/**
 * Ask and tell: the search as a program without servers uses it.
 *
 *   const optimizer = createOptimizer({ space, direction: 'minimize', sampler: { name: 'auto' }, seed: 1 });
 *   for (let i = 0; i < 100; i++) {
 *     const { number, params } = optimizer.ask();
 *     optimizer.tell(number, await train(params));
 *   }
 *
 * Any number of trials may be outstanding. The same seed and the same calls give the same trials, and an
 * optimizer made from a `history` goes on as the one that it came from.
 */
import { invalid, isActive, OneginError, parameterAllows, wrongField } from '@onegin/contracts';
import type { Params, ParamValue, SearchSpace } from '@onegin/contracts';
import { checkTrial } from './check-trial.ts';
import { completeParams } from './complete-params.ts';
import type { SamplerOptions } from './sampler-options.ts';
import type { SearchWarning } from './samplers/sampler.ts';
import { encodeSpace } from './space-encoding.ts';
import { createSuggester, type Suggester } from './suggest.ts';
import type { Direction, Report, Trial } from './trial-history.ts';

/** The part of a pruner that ask and tell needs; every pruner of this package has it. */
export interface TrialJudge {
  judge(trial: Trial, history: readonly Trial[]): { readonly verdict: 'continue' | 'pause' | 'prune' };
  /** The trials that the sampler learns from for a trial number; default: all. */
  peers?(number: number, history: readonly Trial[]): readonly Trial[];
}

export interface OptimizerOptions {
  readonly space: SearchSpace;
  /** For one objective; default `minimize`. */
  readonly direction?: Direction;
  /** For several objectives. */
  readonly directions?: readonly Direction[];
  /** Default: auto. */
  readonly sampler?: SamplerOptions;
  readonly pruner?: TrialJudge;
  /** Whole number of at least 0; default 0. */
  readonly seed?: number;
  /** How many trials there will be, if that is known. */
  readonly budget?: number;
  /** Constraint values of a trial that has just been told: feasible where all are ≤ 0. */
  readonly constraints?: (trial: Trial) => readonly number[];
  /** Trials to go on from, as `history` gave them. */
  readonly history?: readonly Trial[];
}

export interface Asked {
  readonly number: number;
  readonly params: Params;
  readonly warnings: readonly SearchWarning[];
}

/** What became of a trial, where a number alone doesn't say it. */
export interface Outcome {
  /** Default: `completed`. A pruned trial takes its last report as value if none is given. */
  readonly state?: 'completed' | 'pruned' | 'failed' | 'paused';
  readonly value?: number;
  readonly values?: readonly number[];
  readonly constraints?: readonly number[];
}

/** A trial from elsewhere, for a warm start. */
export type GivenTrial = Pick<Trial, 'params'> & Outcome & { readonly reports?: readonly Report[] };

export class Optimizer {
  readonly #space: SearchSpace;
  readonly #directions: readonly Direction[];
  readonly #options: OptimizerOptions;
  readonly #suggester: Suggester;
  readonly #seed: number;
  readonly #trials: Trial[] = [];
  readonly #placeOf = new Map<number, number>();
  readonly #queue: Params[] = [];

  constructor(options: OptimizerOptions) {
    this.#options = options;
    this.#space = options.space;
    this.#directions = options.directions ?? [options.direction ?? 'minimize'];
    this.#seed = options.seed ?? 0;
    const { sampler, budget } = options;
    this.#suggester = createSuggester({
      space: options.space,
      directions: this.#directions,
      sampler,
      seed: this.#seed,
      budget,
    });
    for (const trial of options.history ?? []) {
      checkTrial(trial, this.#directions.length);
      if (trial.number < this.#nextNumber)
        throw invalid('the history', [
          wrongField('history', 'rising trial numbers', [this.#nextNumber - 1, trial.number]),
        ]);
      this.#add(trial);
    }
  }

  /** All trials by rising number; plain data, from which an optimizer can be made again. */
  get history(): readonly Trial[] {
    return this.#trials;
  }

  /** The next trial: enqueued parameters first, else the sampler's suggestion. */
  ask(): Asked {
    const number = this.#nextNumber;
    const queued = this.#queue.shift();
    const whole =
      queued &&
      Object.keys(this.#space).every((name) => name in queued || !isActive(this.#space, name, queued));
    let params: Params;
    let warnings: readonly SearchWarning[] = [];
    if (queued && whole) params = queued;
    else {
      ({ params, warnings } = this.#suggester.suggest(number, this.#peers(number)));
      if (queued) params = completeParams(encodeSpace(this.#space), queued, params, this.#seed, number);
    }
    this.#add({ number, params, state: 'running', values: null, reports: [] });
    return { number, params, warnings };
  }

  /**
   * Ends a trial. A value of NaN makes it failed. Infinite values are kept.
   * @throws OneginError `trial-unknown`, `trial-ended`, or `request-invalid` for values or constraints
   */
  tell(number: number, outcome: number | readonly number[] | Outcome): void {
    const trial = this.#running(number);
    this.#replace(this.#ended(trial, asOutcome(outcome)));
  }

  /**
   * Adds a value on the way, one per objective, at a step higher than the last.
   * @throws OneginError `trial-unknown`, `trial-ended`, or `request-invalid` for the step or the values
   */
  report(number: number, step: number, value: number | readonly number[]): void {
    const trial = this.#running(number);
    const values = typeof value === 'number' ? [value] : value;
    const last = trial.reports.at(-1)?.step ?? 0;
    if (!Number.isInteger(step) || step <= last)
      throw invalid('the report', [wrongField('step', `a whole number above ${last}`, step)]);
    this.#checkCount(values, 'the report');
    this.#replace({ ...trial, reports: [...trial.reports, { step, values: [...values] }] });
  }

  /** What the pruner says of a running trial after its last report; `continue` without a pruner. */
  judge(number: number): 'continue' | 'pause' | 'prune' {
    return this.#options.pruner?.judge(this.#running(number), this.#trials).verdict ?? 'continue';
  }

  /**
   * Sets a paused trial running again, as a pruner's `nextPromotion` says: until it is told again it is outstanding,
   * and its reports go on.
   * @throws OneginError `trial-unknown`, `trial-ended` or `trial-not-paused`
   */
  resume(number: number): void {
    const trial = this.#running(number);
    if (trial.state !== 'paused')
      throw new OneginError('trial-not-paused', `trial ${number} is running, expected a paused one`);
    this.#replace({ ...trial, state: 'running', values: null });
  }

  /**
   * Makes the next free ask answer with these parameters; those left out are sampled.
   * @throws OneginError `request-invalid` for unknown names and values that their parameters can't take
   */
  enqueue(params: Params): void {
    checkParams(this.#space, params);
    this.#queue.push({ ...params });
  }

  /**
   * Adds a finished trial from elsewhere and returns its number. Its parameters may be outside the space.
   * @throws OneginError `request-invalid`
   */
  addTrial(given: GivenTrial): number {
    const { params, reports = [] } = given;
    const number = this.#nextNumber;
    const running: Trial = { number, params: { ...params }, state: 'running', values: null, reports };
    const trial = this.#ended(running, given);
    checkTrial(trial, this.#directions.length);
    this.#add(trial);
    return number;
  }

  #peers(number: number): readonly Trial[] {
    return this.#options.pruner?.peers?.(number, this.#trials) ?? this.#trials;
  }

  get #nextNumber(): number {
    const last = this.#trials.at(-1);
    return last ? last.number + 1 : 0;
  }

  #add(trial: Trial): void {
    this.#placeOf.set(trial.number, this.#trials.length);
    this.#trials.push(trial);
  }

  #replace(trial: Trial): void {
    this.#trials[this.#placeOf.get(trial.number)!] = trial;
  }

  #running(number: number): Trial {
    const place = this.#placeOf.get(number);
    if (place === undefined)
      throw new OneginError('trial-unknown', `there is no trial ${number}; the next is ${this.#nextNumber}`);
    const trial = this.#trials[place]!;
    // A paused trial goes on where it stood.
    if (trial.state !== 'running' && trial.state !== 'paused')
      throw new OneginError('trial-ended', `trial ${number} has ended already (${trial.state})`);
    return trial;
  }

  #ended(trial: Trial, outcome: Outcome): Trial {
    const { state = 'completed' } = outcome;
    const given = outcome.values ?? (outcome.value === undefined ? undefined : [outcome.value]);
    if (given || state === 'completed') this.#checkCount(given, 'the outcome');
    if (state === 'failed' || given?.some(Number.isNaN)) return { ...trial, state: 'failed', values: null };
    const last = state === 'pruned' || state === 'paused' ? trial.reports.at(-1)?.values : undefined;
    const ended: Trial = { ...trial, state, values: given ? [...given] : last ? [...last] : null };
    const constraints = outcome.constraints ?? this.#options.constraints?.(ended);
    if (!constraints) return ended;
    if (!constraints.every((value) => typeof value === 'number'))
      throw invalid('the outcome', [wrongField('constraints', 'numbers', constraints)]);
    return { ...ended, constraints: [...constraints] };
  }

  #checkCount(values: readonly number[] | undefined, what: string): void {
    const objectives = this.#directions.length;
    const numbers = Array.isArray(values) && values.every((value) => typeof value === 'number');
    if (!numbers || values.length !== objectives)
      throw invalid(what, [wrongField('values', `one number per objective (${objectives})`, values)]);
  }
}

/** @throws OneginError `request-invalid`, naming every wrong field of the options, or the first wrong trial */
export const createOptimizer = (options: OptimizerOptions): Optimizer => new Optimizer(options);

function asOutcome(outcome: number | readonly number[] | Outcome): Outcome {
  if (typeof outcome === 'number') return { value: outcome };
  return Array.isArray(outcome) ? { values: outcome as readonly number[] } : (outcome as Outcome);
}

function checkParams(space: SearchSpace, params: Params): void {
  const problems = Object.entries<ParamValue>(params).flatMap(([name, value]) => {
    const parameter = space[name];
    if (!parameter) return [wrongField(name, `one of ${Object.keys(space).join(', ')}`, name)];
    return parameterAllows(parameter, value) ? [] : [wrongField(name, `a value of ${name}'s range`, value)];
  });
  if (problems.length > 0) throw invalid('the enqueued trial', problems);
}
