/** The task of a training that waits for a trainer. */
import { isTrial, openTrainings, targetOf } from '@onegin/contracts';
import type { StudyState, Training, TrialJob } from '@onegin/contracts';

export function trialJobOf({ jobId, config }: StudyState, training: Training): TrialJob {
  const { request } = config;
  return {
    jobId,
    runName: config.runName,
    target: targetOf(training),
    run: training.run,
    ...(!isTrial(training) && { bestTrial: training.trial }),
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
  { failure, notBefore }: Training,
): Pick<TrialJob, 'avoid'> {
  if (!failure?.trainer || elsewhereMs === 0) return {};
  return { avoid: { trainer: failure.trainer, until: notBefore + elsewhereMs } };
}

/** Every training that waits for a trainer. */
export const waitingTrainings = (state: StudyState): Training[] =>
  openTrainings(state).filter(({ status }) => status === 'queued');
