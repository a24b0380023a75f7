/**
 * A study without training: learning curves are given, workers advance one step a tick in turn, and a pruner
 * rules as it would in a real study. For tests and benchmarks.
 */
import type { Params } from '@onegin/contracts';
import type { Pruner } from '../pruners/index.ts';
import type { Trial } from '../trial-history.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
export type SimulatedTrial = Mutable<Omit<Trial, 'reports'>> & { reports: Trial['reports'][number][] };

export interface SimulatedStudy {
  readonly pruner: Pruner;
  /** How many trials to ask for. */
  readonly trials: number;
  readonly workers: number;
  readonly maxSteps: number;
  /** Parameters of a new trial. */
  ask(number: number, history: readonly Trial[]): Params;
  /** Objective values of the parameters after a step, counted from 1. */
  report(params: Params, step: number, number: number): number[];
  /** Called after every step of any trial; true ends the study. */
  afterStep?(trial: Trial, stepsInAll: number): boolean;
}

export interface SimulatedOutcome {
  readonly history: readonly Trial[];
  /** Steps trained by all trials together. */
  readonly steps: number;
  /** Numbers in the order of their promotion. */
  readonly promotions: readonly number[];
}

export function simulateStudy(study: SimulatedStudy): SimulatedOutcome {
  const { pruner, workers, maxSteps } = study;
  const history: SimulatedTrial[] = [];
  const promotions: number[] = [];
  const slots = new Array<SimulatedTrial | undefined>(workers).fill(undefined);
  let steps = 0;

  const promote = (closing: boolean): SimulatedTrial | undefined => {
    const number = pruner.nextPromotion(history, { closing });
    if (number === null) return undefined;
    const trial = history[number];
    if (trial?.state !== 'paused') throw new Error(`trial ${number} was promoted while ${trial?.state}`);
    promotions.push(number);
    trial.state = 'running';
    return trial;
  };
  const take = (): SimulatedTrial | undefined => {
    const promoted = promote(false);
    if (promoted) return promoted;
    if (history.length >= study.trials) return slots.every((s) => !s) ? promote(true) : undefined;
    const number = history.length;
    const params = study.ask(number, history);
    const trial: SimulatedTrial = { number, params, state: 'running', values: null, reports: [] };
    history.push(trial);
    return trial;
  };

  for (;;) {
    let busy = false;
    for (let slot = 0; slot < workers; slot++) {
      const trial = (slots[slot] ??= take());
      if (!trial) continue;
      busy = true;
      steps++;
      if (advance(study, trial, history, maxSteps)) slots[slot] = undefined;
      if (study.afterStep?.(trial, steps)) return { history, steps, promotions };
    }
    if (!busy) return { history, steps, promotions };
  }
}

/** One more step; whether the trial left its worker. */
function advance(study: SimulatedStudy, trial: SimulatedTrial, history: Trial[], maxSteps: number): boolean {
  const step = trial.reports.length + 1;
  const values = study.report(trial.params, step, trial.number);
  trial.reports.push({ step, values });
  if (step === maxSteps) {
    trial.state = 'completed';
    trial.values = values;
    return true;
  }
  const { verdict } = study.pruner.judge(trial, history);
  if (verdict === 'continue') return false;
  trial.state = verdict === 'pause' ? 'paused' : 'pruned';
  if (verdict === 'prune') trial.values = values;
  return true;
}
