/** What the sampler benches share: the problems, the reference's numbers, and one study. */
import { readFileSync } from 'node:fs';
import { createOptimizer, type SamplerOptions } from '@onegin/search';
import { functions, tableObjective, type Objective } from '@onegin/search/testing';
import { digits } from '@onegin/simulation';

const data = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`data/${name}`, import.meta.url), 'utf8'));

export const problems: readonly Objective[] = [...functions, tableObjective(digits)];

export interface ReferenceRow {
  readonly problem: string;
  readonly sampler: string;
  readonly seeds: number;
  readonly at: readonly number[];
  readonly median: readonly number[];
}
export const reference = (data('optuna-5.json') as { rows: readonly ReferenceRow[] }).rows;

export interface Study {
  readonly objective: Objective;
  readonly sampler: SamplerOptions;
  readonly seed: number;
  readonly trials: number;
  /** How many trials are always outstanding; 1 is one after another. */
  readonly outstanding?: number;
}

export interface StudyResult {
  /** Best value after each evaluation. */
  readonly best: readonly number[];
  readonly warnings: readonly string[];
  /** How many pairs of trials that were outstanding together were alike. */
  readonly alike: number;
}

export function runStudy({ objective, sampler, seed, trials, outstanding = 1 }: Study): StudyResult {
  const optimizer = createOptimizer({ space: objective.space, sampler, seed, budget: trials });
  const best: number[] = [];
  const warnings: string[] = [];
  const running: { number: number; key: string; value: number }[] = [];
  let alike = 0;
  let asked = 0;
  while (best.length < trials) {
    while (running.length < outstanding && asked < trials) {
      const { number, params, warnings: said } = optimizer.ask();
      const key = JSON.stringify(params);
      alike += running.filter((other) => other.key === key).length;
      warnings.push(...said.map(({ message }) => message));
      running.push({ number, key, value: objective.evaluate(params) });
      asked++;
    }
    const { number, value } = running.shift()!;
    optimizer.tell(number, value);
    best.push(Math.min(best.at(-1) ?? Infinity, value));
  }
  return { best, warnings, alike };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return 0.5 * (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!);
}

export const rounded = (value: number): number => Number(value.toPrecision(6));
