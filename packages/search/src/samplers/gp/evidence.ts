/** The part of the history that the Gaussian process learns from. */
import { isEvidence, loss, violation, type Trial } from '../../trial-history.ts';
import type { SamplerContext } from '../sampler.ts';
import { inputOfRow } from './model-inputs.ts';

export interface Evidence {
  readonly inputs: readonly Float64Array[];
  /** One list of losses per objective. */
  readonly losses: readonly Float64Array[];
  /** One list of constraint values per constraint. */
  readonly constraints: readonly Float64Array[];
  readonly feasible: readonly boolean[];
  /** Inputs of outstanding trials. */
  readonly outstanding: readonly Float64Array[];
}

const inputsOfRows = new WeakMap<Float64Array, Float64Array | null>();

/**
 * Trials with a value, by number. A pruned or paused trial takes its last value, but none better than the
 * median of the completed ones: it was worse than its like when it stopped, however early that was.
 */
export function gatherEvidence({ encoded, table, directions }: SamplerContext): Evidence {
  const inputs: Float64Array[] = [];
  const trials: Trial[] = [];
  const outstanding: Float64Array[] = [];
  table.trials.forEach((trial, i) => {
    if (trial.state === 'failed') return;
    const row = table.rows[i]!;
    let input = inputsOfRows.get(row);
    if (input === undefined) inputsOfRows.set(row, (input = inputOfRow(encoded, row) ?? null));
    if (!input) return;
    if (trial.state === 'running') outstanding.push(input);
    else if (isEvidence(trial) && trial.values?.length === directions.length) {
      inputs.push(input);
      trials.push(trial);
    }
  });
  const losses = directions.map((direction, m) => {
    const values = Float64Array.from(trials, (trial) => loss(trial.values![m]!, direction));
    return withoutFlattery(values, trials);
  });
  const count = trials.reduce((most, trial) => Math.max(most, trial.constraints?.length ?? 0), 0);
  const constraints = Array.from({ length: count }, (_, c) =>
    Float64Array.from(trials, (trial) => trial.constraints?.[c] ?? 0),
  );
  return {
    inputs,
    losses,
    constraints,
    feasible: trials.map((trial) => violation(trial) === 0),
    outstanding,
  };
}

function withoutFlattery(losses: Float64Array, trials: readonly Trial[]): Float64Array {
  const completed = losses.filter((_, i) => trials[i]!.state === 'completed').sort();
  const median = completed[Math.floor(completed.length / 2)];
  return losses.map((value, i) => {
    const known = Number.isNaN(value) ? Infinity : value;
    return median === undefined || trials[i]!.state === 'completed' ? known : Math.max(median, known);
  });
}
