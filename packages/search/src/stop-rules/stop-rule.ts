/** What every stop rule is: a pure function of what a study did so far. */
import type { SearchSpace, StopRuleName } from '@onegin/contracts';
import type { Direction, Trial } from '../trial-history.ts';

export interface StopRuleConfig {
  readonly space: SearchSpace;
  /** One direction per objective. */
  readonly directions: readonly Direction[];
  /** The study's seed. */
  readonly seed: number;
}

export interface StudySoFar {
  readonly history: readonly Trial[];
  /** Since the study began. */
  readonly elapsedMs: number;
}

export interface StopVerdict {
  /** The rule that holds; of several under `any` the first. */
  readonly rule: StopRuleName;
  /** One sentence for people. */
  readonly reason: string;
}

export interface StopRule {
  /** Why no further trial should be asked for; null where the search goes on. */
  check(study: StudySoFar): StopVerdict | null;
}

/** Trials that ended or wait at a rung, in the order of ending. Failed ones tell nothing and are left out. */
export function endedTrials(history: readonly Trial[]): Trial[] {
  return history
    .filter(({ state }) => state === 'completed' || state === 'pruned' || state === 'paused')
    .sort((a, b) => (a.endedAt ?? a.number) - (b.endedAt ?? b.number) || a.number - b.number);
}
