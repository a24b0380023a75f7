/** The end of a study: the final model from the best trial's parameters, the last charts, completion. */
import { deriveSeed, type NewStudyEvent, type StudyState } from '@onegin/contracts';
import { afterFailure } from './after-failure.ts';
import { afterLoss } from './after-loss.ts';
import { lastPlots, openPlots, trialPlots } from './decide-plots.ts';
import type { Decision, DecisionContext } from './decision.ts';

/** Nothing is asked for any more. */
export function decideFinalizing(
  state: StudyState,
  { now, plots }: DecisionContext,
): Omit<Decision, 'wanted'> {
  const charts = plots ? [...trialPlots(state), ...lastPlots(state)] : [];
  const model = finalModelEvents(state);
  if (model.length > 0 || state.finalModel?.status !== 'completed')
    return { events: [...charts, ...model], wakeAt: null };
  if (charts.length > 0) return { events: charts, wakeAt: null };
  const open = openPlots(state);
  if (open.count === 0) return { events: [{ type: 'JobCompleted' }], wakeAt: null };
  if (now < open.giveUpAt) return { events: [], wakeAt: open.giveUpAt };
  return { events: [plotsMissing(open.count), { type: 'JobCompleted' }], wakeAt: null };
}

function finalModelEvents(state: StudyState): NewStudyEvent[] {
  const { config, finalModel } = state;
  if (!finalModel) {
    const best = state.trials[state.best!]!;
    return [
      {
        type: 'TrainingQueued',
        target: 'final',
        trial: best.number,
        params: best.params,
        seed: deriveSeed(config.request.seed, 'final'),
        resource: config.resource,
        untilEpoch: config.request.epochs,
        source: 'best-trial',
      },
    ];
  }
  if (finalModel.status === 'failing') return [afterFailure(state, finalModel)];
  const lost = afterLoss(state, finalModel);
  if (lost) return [lost];
  if (finalModel.status === 'failed')
    return [
      {
        type: 'JobFailed',
        code: 'final-model-failed',
        message: `the final model could not be trained: ${finalModel.failure?.message ?? 'no reason was left'}`,
      },
    ];
  return [];
}

const plotsMissing = (count: number): NewStudyEvent => ({
  type: 'Warning',
  code: 'plots-missing',
  message: `no plotter has made the charts in time; ${count} sets are missing`,
});
