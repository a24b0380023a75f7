/** An event of a study as one line for people, where it is worth one. */
import { healthScore, isTrainingEvent, trainingName } from '@onegin/contracts';
import type { EpochSummary, StudyEvent, StudyState, TrainingEvent, TrainingResult } from '@onegin/contracts';
import { decimal, duration } from './text.ts';

/** @param state the state after the event; @returns null: nothing that people wait for */
export function eventLine(event: StudyEvent, state: StudyState): string | null {
  if (isTrainingEvent(event)) {
    const line = trainingLine(event, state);
    return line && `${trainingName(event.target)}: ${line}`;
  }
  const { request } = state.config;
  switch (event.type) {
    case 'JobStarted':
      return `started: ${request.trials} trials of ${request.epochs} epochs on ${request.dataset}, mode ${request.mode}`;
    case 'Warning':
      return `warning: ${event.message}`;
    case 'SearchEnded':
      return `the search has ended: ${event.reason}`;
    case 'PlotsFailed':
      return `charts of ${event.target === 'study' ? 'the study' : `trial ${event.target}`}: ${event.message}`;
    case 'CancelRequested':
      return 'cancelling';
    case 'JobCompleted':
      return `completed${tookTime(state)}`;
    case 'JobFailed':
      return `failed: ${event.message} (${event.code})`;
    case 'JobCancelled':
      return 'cancelled';
    default:
      return null;
  }
}

function trainingLine(event: StudyEvent & TrainingEvent, state: StudyState): string | null {
  const { request, objective } = state.config;
  switch (event.type) {
    case 'TrainingStarted': {
      const params =
        event.target === 'final' ? ` with the parameters of trial ${state.finalModel?.trial ?? '?'}` : '';
      return `started on ${event.trainer} (${event.engine}, ${event.device})${params}`;
    }
    case 'EpochEnded':
      return epoch(event.summary, request.epochs);
    case 'TrainingCompleted':
      return `completed, ${measured(event.result, objective.weights)}${state.best === event.target ? ', the best so far' : ''}`;
    case 'TrainingPruned':
      return `stopped early, ${event.reason}`;
    case 'TrainingPaused':
      return 'paused';
    case 'TrainingPromoted':
      return `goes on to epoch ${event.untilEpoch}`;
    case 'TrainingAttemptFailed':
      return `attempt ${event.attempt} failed on ${event.trainer}: ${event.message} (${event.code})`;
    case 'TrainingFailed':
      return `failed, ${event.message} (${event.code})`;
    case 'TrainingCancelled':
      return 'cancelled';
    default:
      return null;
  }
}

const epoch = (summary: EpochSummary, epochs: number): string =>
  `epoch ${summary.epoch}/${epochs}, validation accuracy ${decimal(summary.validationAccuracy)}, loss ${decimal(summary.validationLoss)}`;

function measured(result: TrainingResult, weights: StudyState['config']['objective']['weights']): string {
  return `accuracy ${decimal(result.accuracy)}, health ${decimal(healthScore(result.health, weights))}, ${result.parameterCount} parameters`;
}

const tookTime = ({ createdAt, endedAt }: StudyState): string =>
  endedAt === null ? '' : ` after ${duration(endedAt - createdAt)}`;

/** What a job came to: the last words of a command that watched it. */
export function outcomeText(state: StudyState): string {
  const { jobId, config, best, finalModel } = state;
  const lines: string[] = [];
  const trial = best === null ? undefined : state.trials[best];
  if (trial?.result) {
    lines.push(`Best trial: ${best}, ${measured(trial.result, config.objective.weights)}`);
    lines.push(`  ${paramsText(trial.params)}`);
  }
  if (config.objective.mode === 'pareto' && state.front.length > 0)
    lines.push(`Front: trials ${state.front.join(', ')}`);
  if (finalModel?.status === 'completed')
    lines.push(`Model: onegin download ${jobId} (accuracy ${decimal(finalModel.result?.accuracy)})`);
  if (state.failure) lines.push(`Failed: ${state.failure.message} (${state.failure.code})`);
  return lines.join('\n');
}

const paramsText = (params: Readonly<Record<string, unknown>>): string =>
  Object.entries(params)
    .map(
      ([name, value]) =>
        `${name} ${typeof value === 'number' ? Number(value.toPrecision(4)) : String(value)}`,
    )
    .join(', ');
