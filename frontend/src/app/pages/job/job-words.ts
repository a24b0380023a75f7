/** Numbers of a job's page as words. Pure. */
import { formatNumber, formatSeconds, formatShare } from '@onegin/charts/format';
import {
  jobEnded,
  outcomes,
  totalScore,
  type StudyState,
  type TrialState,
  type TrialView,
} from '@onegin/contracts';

const SECOND = 1000;

/** What a trial is judged by, as a number for people: its total score, or its accuracy. */
export const scoreOf = (trial: Pick<TrialView, 'values' | 'accuracy'>): number | null =>
  trial.values?.[0] ?? trial.accuracy;

export const scoreText = (score: number | null): string => (score === null ? '–' : score.toFixed(4));

/** How long a job or a trial took; `–` before it has ended. */
export const tookText = ({ startedAt, endedAt }: Pick<TrialView, 'startedAt' | 'endedAt'>): string =>
  formatSeconds(startedAt === null || endedAt === null ? null : (endedAt - startedAt) / SECOND);

/** Seconds that the search has left at its pace so far; null while there is none to go by. */
export function secondsLeft(state: StudyState, now: number): number | null {
  if (jobEnded(state.status) || state.startedAt === null) return null;
  const done = outcomes(state);
  const { trials } = state.config.request;
  if (done === 0 || state.status === 'finalizing') return null;
  return (((now - state.startedAt) / SECOND) * (trials - done)) / done;
}

/** "6 min left", roughly: a study's pace changes. */
export function roughly(seconds: number): string {
  if (seconds < 60) return 'less than a minute left';
  return `about ${formatSeconds(seconds < 600 ? Math.round(seconds / 60) * 60 : Math.round(seconds / 300) * 300)} left`;
}

export function elapsedSeconds(state: StudyState, now: number): number | null {
  return state.startedAt === null ? null : Math.max(0, ((state.endedAt ?? now) - state.startedAt) / SECOND);
}

/** By how much the best trial beat the best before it; null where there was none. */
export function lastGain(state: StudyState): { by: number; since: number } | null {
  const best = state.best === null ? undefined : state.trials[state.best];
  const value = best?.values?.[0];
  if (!best || value === undefined) return null;
  let before: TrialState | null = null;
  for (const trial of state.trials) {
    if (trial.status !== 'completed' || trial.number === best.number) continue;
    if ((trial.endedAt ?? 0) > (best.endedAt ?? 0)) continue;
    if (!before || (trial.values?.[0] ?? -Infinity) > (before.values?.[0] ?? -Infinity)) before = trial;
  }
  const earlier = before?.values?.[0];
  return before && earlier !== undefined ? { by: value - earlier, since: before.number } : null;
}

export interface Tile {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

/** The tiles beside the best total score. */
export function summaryTiles(state: StudyState, now: number): Tile[] {
  const best = state.best === null ? undefined : state.trials[state.best];
  const result = best?.result;
  const { counts } = state;
  const elapsed = elapsedSeconds(state, now);
  const left = secondsLeft(state, now);
  return [
    {
      name: 'Accuracy',
      value: formatShare(result?.accuracy, 4),
      note: result ? `on validation data, trial ${best.number}` : 'no trial completed yet',
    },
    {
      name: 'Health',
      value: result?.health.score == null ? '–' : result.health.score.toFixed(3),
      note: 'from 0 to 1, of the best trial',
    },
    {
      name: 'Parameters',
      value: result ? formatNumber(result.parameterCount, 3) : '–',
      note: 'of the best trial',
    },
    {
      name: 'Trials',
      value: `${outcomes(state)}/${state.config.request.trials}`,
      note: `${counts.completed} completed, ${counts.pruned} pruned, ${counts.failed} failed`,
    },
    {
      name: 'Time',
      value: formatSeconds(elapsed === null ? null : Math.round(elapsed)),
      note: left === null ? (state.endedAt === null ? 'so far' : 'in all') : roughly(left),
    },
  ];
}

/** Of the best trial, in every mode: what the final model is chosen by. */
export function bestTotalScore(state: StudyState): number | null {
  const best = state.best === null ? undefined : state.trials[state.best];
  return best?.result ? totalScore(state.config.objective, best.result) : null;
}
