/** Whether plain data is a trial that the search can learn from. */
import { invalid, wrongField } from '@onegin/contracts';
import type { Trial } from './trial-history.ts';

const STATES: readonly string[] = ['running', 'paused', 'completed', 'pruned', 'failed'];

/** @throws OneginError `request-invalid`. Parameters are not looked at: a space may have changed since. */
export function checkTrial(trial: Trial, objectives: number): void {
  const refuse = (field: string, expected: string, found: unknown): never => {
    throw invalid(`trial ${trial.number}`, [wrongField(field, expected, found)]);
  };
  if (!Number.isSafeInteger(trial.number) || trial.number < 0)
    refuse('number', 'a whole number of at least 0', trial.number);
  if (!STATES.includes(trial.state)) refuse('state', `one of ${STATES.join(', ')}`, trial.state);
  if (typeof trial.params !== 'object' || trial.params === null) refuse('params', 'an object', trial.params);
  if (!Array.isArray(trial.reports)) refuse('reports', 'a list', trial.reports);
  const { values, state } = trial;
  if (state === 'completed' && values === null) refuse('values', 'values of a completed trial', values);
  if (values !== null && (!Array.isArray(values) || values.length !== objectives))
    refuse('values', `${objectives} per trial`, values);
  if (state === 'completed' && values!.some((value) => typeof value !== 'number' || Number.isNaN(value)))
    refuse('values', 'numbers other than NaN (such a trial has failed)', values);
}
