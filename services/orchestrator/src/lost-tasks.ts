/**
 * Compares the queues with the log: what waits must have a task, and what runs must have one that a trainer
 * holds. A task is lost when its process died between log and queue, or when Redis lost its last writes.
 */
import { openTrainings, plotJobId, targetOf, trainingOf, trialJobId, trialQueue } from '@onegin/contracts';
import type { NewStudyEvent, PlotsState, StudyState, TrainingTarget } from '@onegin/contracts';
import type { Effects, Queues } from './effects.ts';
import { interrupted } from './lost-trainers.ts';

/** What had no task when the queues were read. */
export interface Missing {
  readonly trainings: readonly { target: TrainingTarget; run: number }[];
  /** Runs by the log, but its task waits: its trainer was lost. */
  readonly returned: readonly { target: TrainingTarget; attempt: number }[];
  readonly plots: readonly { target: PlotsState['target']; run: number }[];
}

/**
 * What the state requires and the queues lack. The state may be older than the queues: follow the log
 * before acting on the answer, as everyone writes the log first.
 */
export async function missingTasks(state: StudyState, queues: Queues): Promise<Missing> {
  const { jobId } = state;
  const onQueue = openTrainings(state).filter(({ status }) => status === 'queued' || status === 'running');
  const tasks = await Promise.all(
    onQueue.map(async (training) => {
      const { resource, run, status, attempt } = training;
      const target = targetOf(training);
      const task = await queues[trialQueue(resource)].state(trialJobId(jobId, target, run));
      return { target, run, status, attempt, task };
    }),
  );
  const trainings = tasks.filter(({ task }) => task === 'absent' || task === 'ended');
  const returned = tasks.filter(({ status, task }) => status === 'running' && task === 'waiting');
  const plots = await Promise.all(
    Object.values(state.plots)
      .filter(({ status }) => status === 'queued')
      .map(async ({ target, run }) => {
        const task = await queues.plots.state(plotJobId(jobId, target, run));
        return task === 'absent' || task === 'ended' ? [{ target, run }] : [];
      }),
  );
  return {
    trainings: trainings.map(({ target, run }) => ({ target, run })),
    returned: returned.map(({ target, attempt }) => ({ target, attempt })),
    plots: plots.flat(),
  };
}

/**
 * Adds the missing tasks of what still waits. What runs without a task has lost its trainer: the result holds an
 * event for each, to be appended by the caller.
 * @param state followed after the queues were asked
 */
export async function restoreTasks(
  state: StudyState,
  missing: Missing,
  effects: Effects,
): Promise<NewStudyEvent[]> {
  const lost: NewStudyEvent[] = [];
  for (const { target, run } of missing.trainings) {
    const training = trainingOf(state, target);
    if (training?.run !== run) continue;
    if (training.status === 'queued') await effects.addTraining(state, training);
    if (training.status === 'running')
      lost.push({ type: 'TrainingRequeued', target, delayMs: 0, reason: 'its task was lost' });
  }
  for (const { target, attempt } of missing.returned) {
    const training = trainingOf(state, target);
    if (training?.status === 'running' && training.attempt === attempt)
      lost.push(interrupted(training, `${training.trainer ?? 'its trainer'} let go of it`));
  }
  for (const { target, run } of missing.plots) {
    const plots = state.plots[String(target)];
    if (plots?.status === 'queued' && plots.run === run) await effects.addPlots(state, plots);
  }
  return lost;
}
