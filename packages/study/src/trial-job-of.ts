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

export interface TargetedTraining {
  readonly target: TrainingTarget;
  readonly training: TrainingState;
}

/** The trainings of the open trials and of the final model, with their targets. */
export const openTrainings = ({ open, trials, finalModel }: StudyState): TargetedTraining[] => [
  ...open.map((number) => ({ target: number, training: trials[number]! })),
  ...(finalModel ? [{ target: 'final' as const, training: finalModel }] : []),
];

/** Every training that waits for a trainer. */
export const waitingTrainings = (state: StudyState): TargetedTraining[] =>
  openTrainings(state).filter(({ training }) => training.status === 'queued');
