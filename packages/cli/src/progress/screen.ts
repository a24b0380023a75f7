/** A job on a terminal: a few lines that are drawn again as it goes on. Pure: from state to text. */
import { jobProgress, trialView } from '@onegin/contracts';
import type { BatchProgress, StudyState, TrainingState } from '@onegin/contracts';
import { bar, decimal, duration } from './text.ts';

/** More running trials than this are counted, not shown. */
const MOST_RUNNING = 8;
const BAR_WIDTH = 24;
const SMALL_BAR_WIDTH = 12;

export interface ScreenInput {
  readonly state: StudyState;
  /** By target: a trial's number, or `final`. */
  readonly progress: ReadonlyMap<string, BatchProgress>;
  readonly connected: boolean;
  readonly now: number;
  readonly columns: number;
}

export function screen({ state, progress, connected, now, columns }: ScreenInput): string {
  const lines = [
    heading(state, now),
    trialsLine(state),
    ...runningLines(state, progress),
    ...finalLines(state, progress),
    ...plotLines(state),
    connected ? jobProgress(state).statusMessage : 'Connection lost, trying again; the job goes on',
  ];
  return lines.map((line) => (line.length > columns ? `${line.slice(0, columns - 1)}…` : line)).join('\n');
}

function heading({ jobId, config, createdAt, endedAt }: StudyState, now: number): string {
  const { dataset, mode, name } = config.request;
  return `${name ?? dataset} · ${mode} · job ${jobId} · ${duration(Math.max(0, (endedAt ?? now) - createdAt))}`;
}

function trialsLine(state: StudyState): string {
  const { totalTrials, completedTrials, prunedTrials, failedTrials } = jobProgress(state);
  const done = completedTrials + prunedTrials + failedTrials;
  const counts = [`${done}/${totalTrials} trials`];
  if (prunedTrials > 0) counts.push(`${prunedTrials} stopped early`);
  if (failedTrials > 0) counts.push(`${failedTrials} failed`);
  return `${bar(done / totalTrials, BAR_WIDTH)} ${counts.join(', ')} · ${bestText(state)}`;
}

function bestText(state: StudyState): string {
  const trial = state.best === null ? undefined : state.trials[state.best];
  if (!trial) return 'no best yet';
  const { accuracy, healthScore } = trialView(state, trial);
  return `best #${trial.number}: accuracy ${decimal(accuracy)}, health ${decimal(healthScore)}`;
}

function runningLines(state: StudyState, progress: ScreenInput['progress']): string[] {
  const running = state.trials.filter(({ status }) => status === 'running');
  const lines = running
    .slice(0, MOST_RUNNING)
    .map((trial) => trainingLine(`#${trial.number}`, trial, state, progress.get(String(trial.number))));
  if (running.length > MOST_RUNNING) lines.push(`  and ${running.length - MOST_RUNNING} more`);
  return lines;
}

function finalLines(state: StudyState, progress: ScreenInput['progress']): string[] {
  const { finalModel } = state;
  if (finalModel?.status !== 'running') return [];
  return [trainingLine('final model', finalModel, state, progress.get('final'))];
}

function trainingLine(
  name: string,
  training: TrainingState,
  { config }: StudyState,
  progress: BatchProgress | undefined,
): string {
  const { epochs } = config.request;
  const done = training.epochs.length;
  // Progress of an epoch that has ended meanwhile says nothing any more.
  const inside = progress && progress.epoch === done + 1 ? progress.batch / progress.batches : 0;
  const last = training.epochs.at(-1);
  const accuracy = last ? `, accuracy ${decimal(last.validationAccuracy)}` : '';
  const shown = `epoch ${Math.min(done + 1, epochs)}/${epochs}`;
  return `  ${name.padEnd(6)} ${bar((done + inside) / epochs, SMALL_BAR_WIDTH)} ${shown}${accuracy} · ${training.trainer ?? ''}`;
}

function plotLines({ plots }: StudyState): string[] {
  const open = Object.values(plots).filter(({ status }) => status === 'queued');
  const drawing = open.find(({ total }) => total !== null);
  if (!drawing) return [];
  const what = drawing.target === 'study' ? 'the study' : `trial ${drawing.target}`;
  return [
    `  charts ${bar(drawing.done / (drawing.total ?? 1), SMALL_BAR_WIDTH)} ${drawing.done}/${drawing.total} of ${what}${open.length > 1 ? `, ${open.length - 1} more to draw` : ''}`,
  ];
}
