/** Which running trials are pruned or paused, and which paused ones go on, by the study's pruner. */
import type { NewStudyEvent, StudyConfig, StudyState, TrialState } from '@onegin/contracts';
import { createPruner, type Pruner, type Trial } from '@onegin/search';
import { HistoryView, REPORT_DIRECTIONS } from './history-view.ts';

/** @param room how many paused trials may go on now */
export type Judge = (state: StudyState, room: number) => NewStudyEvent[];

export function createJudge(config: StudyConfig): Judge {
  const { pruner: options, epochs, seed, trials: budget } = config.request;
  if (options.name === 'none') return () => [];
  const pruner = createPruner(options, { directions: REPORT_DIRECTIONS, maxSteps: epochs, seed });
  const view = new HistoryView({ reports: true });
  const judgedEpochs = new Map<number, number>();
  return (state, room) => {
    const history = view.sync(state);
    const verdicts = state.open.flatMap((number) =>
      judgeOne(pruner, state.trials[number]!, history, judgedEpochs),
    );
    const closing = state.trials.length >= budget && state.counts.running + state.counts.queued === 0;
    return [...verdicts, ...promotions(pruner, history, { room, closing, epochs })];
  };
}

/**
 * Every report is judged once, in order, also when several arrived since the last look: a rung must not be
 * passed because the orchestrator was late. After a restart only the newest is looked at.
 */
function judgeOne(
  pruner: Pruner,
  trial: TrialState,
  history: readonly Trial[],
  judgedEpochs: Map<number, number>,
): NewStudyEvent[] {
  const { number, status, epochs, attempt, untilEpoch } = trial;
  // A trial that has its last epoch is about to complete.
  if (status !== 'running' || epochs.length === 0 || epochs.length >= untilEpoch) return [];
  const view = history[number]!;
  for (let n = (judgedEpochs.get(number) ?? epochs.length - 1) + 1; n <= epochs.length; n++) {
    judgedEpochs.set(number, n);
    const { verdict, reason } = pruner.judge({ ...view, reports: view.reports.slice(0, n) }, history);
    if (verdict === 'prune') return [{ type: 'TrialPruned', number, reason }];
    if (verdict === 'pause') return [{ type: 'TrialPaused', number, attempt }];
  }
  return [];
}

function promotions(
  pruner: Pruner,
  history: readonly Trial[],
  { room, closing, epochs }: { room: number; closing: boolean; epochs: number },
): NewStudyEvent[] {
  const events: NewStudyEvent[] = [];
  let present = history;
  while (events.length < room) {
    const number = pruner.nextPromotion(present, { closing });
    if (number === null) break;
    events.push({ type: 'TrialPromoted', number, untilEpoch: epochs });
    present = present.map((trial) => (trial.number === number ? { ...trial, state: 'running' } : trial));
  }
  return events;
}
