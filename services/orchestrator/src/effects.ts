/**
 * The effects of accepted events outside the log: tasks, and messages to trainers and plotters. Applying one twice
 * does no harm, and comparing the queues with the state finds any that was missed, so a crash in between loses nothing.
 */
import { plotJobId, trialJobId, trialQueue, targetOf, trainingOf } from '@onegin/contracts';
import type { PlotsState, StudyEvent, StudyState, Training } from '@onegin/contracts';
import { sendControl, type Redis, type TypedQueue } from '@onegin/service-kit';
import { trialJobOf } from '@onegin/study';

export interface Queues {
  readonly studies: TypedQueue<'studies'>;
  readonly 'trials-cpu': TypedQueue<'trials-cpu'>;
  readonly 'trials-gpu': TypedQueue<'trials-gpu'>;
  readonly plots: TypedQueue<'plots'>;
}

export class Effects {
  readonly #queues: Queues;
  readonly #redis: Redis;

  constructor(queues: Queues, redis: Redis) {
    this.#queues = queues;
    this.#redis = redis;
  }

  /** @param state the state after the events */
  async apply(state: StudyState, events: readonly StudyEvent[]): Promise<void> {
    await Promise.all(events.map((event) => this.#one(state, event)));
  }

  async #one(state: StudyState, event: StudyEvent): Promise<void> {
    switch (event.type) {
      case 'TrainingQueued':
      case 'TrainingPromoted':
      case 'TrainingRequeued':
        return this.#enqueue(state, trainingOf(state, event.target)!);
      case 'TrainingFailed':
        return this.#removeTask(state, trainingOf(state, event.target)!);
      case 'TrainingPruned':
        return this.#stop(state, trainingOf(state, event.target)!, 'prune');
      case 'TrainingCancelled':
        return this.#stop(state, trainingOf(state, event.target)!, 'cancel');
      case 'PlotsQueued':
        return this.addPlots(state, state.plots[String(event.target)]!);
      case 'JobCancelled':
      case 'JobFailed':
        return this.#stopPlots(state);
    }
  }

  async #enqueue(state: StudyState, training: Training): Promise<void> {
    // It may have moved on since the event.
    if (training.status !== 'queued') return;
    // The task of an earlier run may still be queued if that run was lost only seemingly.
    if (training.run > 1) await this.#removeTask(state, training, training.run - 1);
    await this.addTraining(state, training);
  }

  addTraining(state: StudyState, training: Training): Promise<void> {
    return this.#queues[trialQueue(training.resource)].add(trialJobOf(state, training), {
      id: trialJobId(state.jobId, targetOf(training), training.run),
      delayMs: Math.max(0, training.notBefore - Date.now()),
    });
  }

  addPlots(state: StudyState, plots: PlotsState): Promise<void> {
    const { target, run } = plots;
    const artifacts = target === 'study' ? [] : state.trials[target]!.artifacts;
    const metrics = artifacts.find(({ kind }) => kind === 'metrics');
    return this.#queues.plots.add(
      {
        jobId: state.jobId,
        runName: state.config.runName,
        target,
        run,
        ...(metrics && { metrics }),
      },
      { id: plotJobId(state.jobId, target, run) },
    );
  }

  async #stop(state: StudyState, training: Training, action: 'cancel' | 'prune'): Promise<void> {
    await this.#removeTask(state, training);
    // A trainer that takes it later sees the outcome in the log; the message is for one that is training already.
    if (training.attempt > 0)
      await sendControl(this.#redis, { jobId: state.jobId, target: targetOf(training), action });
  }

  /** Trainings are stopped by events of their own; charts end with the job. */
  async #stopPlots({ jobId, plots }: StudyState): Promise<void> {
    const waiting = Object.values(plots).filter(({ status }) => status === 'queued');
    if (waiting.length === 0) return;
    await sendControl(this.#redis, { jobId, target: 'plots', action: 'cancel' });
    await Promise.all(
      waiting.map(({ target, run }) => this.#queues.plots.remove(plotJobId(jobId, target, run))),
    );
  }

  #removeTask({ jobId }: StudyState, training: Training, run = training.run): Promise<void> {
    const id = trialJobId(jobId, targetOf(training), run);
    return this.#queues[trialQueue(training.resource)].remove(id);
  }
}
