/** The task of a training that waits for a trainer. */
import type { StudyState, TrainingState, TrainingTarget, TrialJob } from '@onegin/contracts';

export function trialJobOf(
  { jobId, config, finalModel }: StudyState,
  target: TrainingTarget,
  training: TrainingState,
): TrialJob {
  const { request } = config;
  return {
    jobId,
    runName: config.runName,
    target,
    run: training.run,
    ...(target === 'final' && finalModel && { bestTrial: finalModel.trial }),
    dataset: request.dataset,
    modelKind: config.modelKind,
    params: training.params,
    seed: training.seed,
    studySeed: request.seed,
    epochs: request.epochs,
    untilEpoch: training.untilEpoch,
    resource: training.resource,
    objective: config.objective,
    pruning: request.pruner.name !== 'none',
    maxStarts: config.maxStarts,
    ...avoided(config, training),
    hungAfterSeconds: config.hungAfterSeconds,
    ...(request.trialTimeLimitSeconds !== undefined && { timeLimitSeconds: request.trialTimeLimitSeconds }),
  };
}

/** The trainer that a failed training should not go back to, for a while. */
function avoided(
  { elsewhereMs }: StudyState['config'],
  { failure, notBefore }: TrainingState,
): Pick<TrialJob, 'avoid'> {
  if (!failure?.trainer || elsewhereMs === 0) return {};
  return { avoid: { trainer: failure.trainer, until: notBefore + elsewhereMs } };
}

/** Every training that waits for a trainer, with its target. */
export function waitingTrainings(state: StudyState): { target: TrainingTarget; training: TrainingState }[] {
  const trials = state.open.map((number) => ({
    target: number as TrainingTarget,
    training: state.trials[number]!,
  }));
  const final = state.finalModel ? [{ target: 'final' as const, training: state.finalModel }] : [];
  return [...trials, ...final].filter(({ training }) => training.status === 'queued');
}
