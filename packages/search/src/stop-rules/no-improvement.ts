/**
 * Stops after a number of trials in a row that improved nothing.
 *
 * A completed feasible trial improves where no earlier one is at least as good in every objective, minDelta
 * granted: with one objective, where it is better than the best by more than minDelta.
 */
import type { StopRuleOptions } from '@onegin/contracts';
import { loss, violation, type Direction, type Trial } from '../trial-history.ts';
import { endedTrials, type StopRule, type StopRuleConfig } from './stop-rule.ts';

type Options = Extract<StopRuleOptions, { rule: 'no-improvement' }>;
type Losses = readonly number[];

export function createNoImprovementRule(options: Options, { directions }: StopRuleConfig): StopRule {
  const { trials, minDelta, startupTrials } = options;
  return {
    check({ history }) {
      const ended = endedTrials(history);
      if (ended.length < startupTrials || ended.length < trials) return null;
      const since = trialsSinceImprovement(ended, directions, minDelta);
      if (since < trials) return null;
      const by = minDelta > 0 ? ` by more than ${minDelta}` : '';
      return {
        rule: 'no-improvement',
        reason: `The last ${since} trials improved nothing${by}; ${trials} such trials end the search.`,
      };
    },
  };
}

function trialsSinceImprovement(
  ended: readonly Trial[],
  directions: readonly Direction[],
  minDelta: number,
): number {
  // Only what nothing else covers is kept: the front so far.
  let front: Losses[] = [];
  let since = 0;
  for (const trial of ended) {
    since++;
    const losses = usableLosses(trial, directions);
    if (!losses || front.some((kept) => covers(kept, losses, minDelta))) continue;
    since = 0;
    front = [...front.filter((kept) => !covers(losses, kept, 0)), losses];
  }
  return since;
}

function usableLosses(trial: Trial, directions: readonly Direction[]): Losses | undefined {
  if (trial.state !== 'completed' || !trial.values || violation(trial) > 0) return undefined;
  const losses = directions.map((direction, m) => loss(trial.values![m], direction));
  return losses.some((value) => Number.isNaN(value) || value === Infinity) ? undefined : losses;
}

const covers = (a: Losses, b: Losses, delta: number): boolean =>
  a.every((value, m) => value <= b[m] || value - b[m] <= delta);
