/** Which running trials are pruned or paused, and which paused ones go on, by the study's pruner. */
import type { NewStudyEvent, StudyConfig, StudyEventOf, StudyState, TrialState } from '@onegin/contracts';
import { createPruner, type Judgement, type Pruner, type Trial } from '@onegin/search';
import { HistoryView, REPORT_DIRECTIONS } from './history-view.ts';

/** @param room how many paused trials may go on now */
export type Judge = (state: StudyState, room: number) => NewStudyEvent[];

type Verdict = StudyEventOf<'TrainingPruned' | 'TrainingPromoted', NewStudyEvent>;

export const createStudyPruner = ({ request }: StudyConfig): Pruner =>
  createPruner(request.pruner, {
    directions: REPORT_DIRECTIONS,
    maxSteps: request.epochs,
    seed: request.seed,
  });

export function createJudge(config: StudyConfig): Judge {
  if (config.request.pruner.name === 'none') return () => [];
  const pruner = createStudyPruner(config);
  const view = new HistoryView({ reports: true });
  const judgedEpochs = new Map<number, number>();
  return (state, room) => {
    const history = view.sync(state);
    const open = state.open.map((number) => state.trials[number]!);
    const verdicts = open.flatMap((trial) => judgeOne(pruner, trial, history, judgedEpochs));
    const goneOn = verdicts.filter(({ type }) => type === 'TrainingPromoted').length;
    const budgetSpent = state.trials.length >= config.request.trials;
    const closing = budgetSpent && open.every(({ status }) => status === 'paused') && goneOn === 0;
    return [
      ...verdicts,
      ...promotions(pruner, state, undecided(history, verdicts), { room: room - goneOn, closing }),
    ];
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
): Verdict[] {
  const { number, status, epochs } = trial;
  if (status !== 'running' && status !== 'paused') return [];
  const view = history[number]!;
  let verdict: Judgement['verdict'] | null = null;
  let reason = '';
  for (
    let n = (judgedEpochs.get(number) ?? epochs.length - 1) + 1;
    n <= epochs.length && verdict !== 'prune';
    n++
  ) {
    judgedEpochs.set(number, n);
    ({ verdict, reason } = pruner.judge(
      { ...view, state: 'running', reports: view.reports.slice(0, n) },
      history,
    ));
  }
  if (verdict === 'prune') return [{ type: 'TrainingPruned', target: number, reason }];
  // A trial is sent as far as its next rung and pauses there by itself; one that is good enough continues at once.
  if (status === 'paused' && verdict === 'continue')
    return [
      { type: 'TrainingPromoted', target: number, untilEpoch: pruner.runsUntil(number, epochs.length) },
    ];
  return [];
}

/** The history without those that were just decided on. */
function undecided(history: readonly Trial[], verdicts: readonly Verdict[]): readonly Trial[] {
  if (verdicts.length === 0) return history;
  const states = new Map(
    verdicts.map(({ type, target }) => [target, type === 'TrainingPruned' ? 'pruned' : 'running'] as const),
  );
  return history.map((trial) => ({ ...trial, state: states.get(trial.number) ?? trial.state }));
}

function promotions(
  pruner: Pruner,
  state: StudyState,
  history: readonly Trial[],
  { room, closing }: { room: number; closing: boolean },
): NewStudyEvent[] {
  const events: NewStudyEvent[] = [];
  let present = history;
  while (events.length < room) {
    const number = pruner.nextPromotion(present, { closing });
    if (number === null) break;
    const untilEpoch = pruner.runsUntil(number, state.trials[number]!.epochs.length);
    events.push({ type: 'TrainingPromoted', target: number, untilEpoch });
    present = present.map((trial) => (trial.number === number ? { ...trial, state: 'running' } : trial));
  }
  return events;
}
