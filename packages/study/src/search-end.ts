/** Whether the search starts no further trial, and why. */
import type { StudyConfig, StudyState } from '@onegin/contracts';
import { createStopRule } from '@onegin/search';
import { directionsOf, HistoryView } from './history-view.ts';

export interface SearchEnd {
  /** For people. */
  readonly reason: string;
  /** A limit cancels what has not started; a spent budget lets it run. */
  readonly limit: boolean;
}

/** Null while the search goes on. */
export type Stop = (state: StudyState, now: number) => SearchEnd | null;

/** The limits that every request has, and the rule that this one may bring. */
export function createStop(config: StudyConfig): Stop {
  const rule = requestedRule(config);
  return (state, now) => timeLimit(state, now) ?? budget(state) ?? rule(state, now);
}

function timeLimit({ config, startedAt }: StudyState, now: number): SearchEnd | null {
  const { timeLimitSeconds } = config.request;
  if (timeLimitSeconds === undefined || startedAt === null) return null;
  if ((now - startedAt) / 1000 < timeLimitSeconds) return null;
  return { reason: `the time limit of ${timeLimitSeconds} s has passed`, limit: true };
}

function budget({ config, trials }: StudyState): SearchEnd | null {
  const { trials: most } = config.request;
  return trials.length >= most ? { reason: `all ${most} trials are done`, limit: false } : null;
}

function requestedRule(config: StudyConfig): Stop {
  const { stop, seed } = config.request;
  if (!stop) return () => null;
  const directions = directionsOf({ config });
  const rule = createStopRule(stop, { directions, space: config.space, seed });
  const history = new HistoryView({ reports: directions.length === 1 });
  let ended: SearchEnd | null = null;
  return (state, now) => {
    // Once the search has ended it stays so, whatever the trials under way still bring.
    ended ??= verdict();
    return ended;

    function verdict(): SearchEnd | null {
      const elapsedMs = state.startedAt === null ? 0 : now - state.startedAt;
      const stopped = rule.check({ history: history.sync(state), elapsedMs });
      return stopped ? { reason: stopped.reason, limit: true } : null;
    }
  };
}
