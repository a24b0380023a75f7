/**
 * Compares the queues with the log: what waits must have a queue entry, and what runs must have one that a trainer
 * holds. An entry is lost when its process died between log and queue, or when Redis lost its last writes.
 */
import {
  openTrainings,
  plotJobId,
  targetOf,
  trainingOf,
  trialJobId,
  trialQueue,
  type NewStudyEvent,
  type PlotsState,
  type StudyState,
  type Training,
  type TrainingTarget,
} from '@onegin/contracts';
import type { CarryOut, Queues } from './carry-out.ts';
import { interrupted } from './silent-trainers.ts';

/** What had no entry when the queues were asked. */
export interface Missing {
  readonly trainings: readonly { target: TrainingTarget; run: number }[];
  /** Runs by the log, but its entry waits: its trainer was lost. */
  readonly returned: readonly { target: TrainingTarget; attempt: number }[];
  readonly plots: readonly { target: PlotsState['target']; run: number }[];
}

/**
 * What the state counts on and the queues don't have. The state may be older than the queues: follow the log
 * before acting on the answer, as everyone writes the log first.
 */
export async function missingEntries(state: StudyState, queues: Queues): Promise<Missing> {
  const { jobId } = state;
  const entries = await Promise.all(
    onQueue(state).map(async (training) => {
      const { resource, run, status, attempt } = training;
      const target = targetOf(training);
      const entry = await queues[trialQueue(resource)].state(trialJobId(jobId, target, run));
      return { target, run, status, attempt, entry };
    }),
  );
  const trainings = entries.filter(({ entry }) => entry === 'absent' || entry === 'ended');
  const returned = entries.filter(({ status, entry }) => status === 'running' && entry === 'waiting');
  const plots = await Promise.all(
    Object.values(state.plots)
      .filter(({ status }) => status === 'queued')
      .map(async ({ target, run }) => {
        const entry = await queues.plots.state(plotJobId(jobId, target, run));
        return entry === 'absent' || entry === 'ended' ? [{ target, run }] : [];
      }),
  );
  return {
    trainings: trainings.map(({ target, run }) => ({ target, run })),
    returned: returned.map(({ target, attempt }) => ({ target, attempt })),
    plots: plots.flat(),
  };
}

/** Trainings that must have an entry. */
const onQueue = (state: StudyState): Training[] =>
  openTrainings(state).filter(({ status }) => status === 'queued' || status === 'running');

/**
 * Makes entries anew for what still waits. What runs without an entry has no trainer any more: the answer holds an
 * event for each, to be appended by the caller.
 * @param state followed after the queues were asked
 */
export async function restoreEntries(
  state: StudyState,
  missing: Missing,
  carryOut: CarryOut,
): Promise<NewStudyEvent[]> {
  const lost: NewStudyEvent[] = [];
  for (const { target, run } of missing.trainings) {
    const training = trainingOf(state, target);
    if (training?.run !== run) continue;
    if (training.status === 'queued') await carryOut.addTraining(state, training);
    if (training.status === 'running')
      lost.push({ type: 'TrainingRequeued', target, delayMs: 0, reason: 'its queue task was lost' });
  }
  for (const { target, attempt } of missing.returned) {
    const training = trainingOf(state, target);
    if (training?.status === 'running' && training.attempt === attempt)
      lost.push(interrupted(training, `${training.trainer ?? 'its trainer'} let go of it`));
  }
  for (const { target, run } of missing.plots) {
    const plots = state.plots[String(target)];
    if (plots?.status === 'queued' && plots.run === run) await carryOut.addPlots(state, plots);
  }
  return lost;
}
