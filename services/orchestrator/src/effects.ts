/**
 * The effects of accepted events outside the log: tasks, and messages to trainers and plotters. Applying one twice
 * does no harm, and comparing the queues with the state finds any that was missed, so a crash in between loses nothing.
 */
import {
  plotJobId,
  trialJobId,
  trialQueue,
  type PlotsState,
  type StudyEvent,
  type StudyState,
  type TrainingState,
  type TrainingTarget,
} from '@onegin/contracts';
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
      case 'TrialQueued':
      case 'TrialPromoted':
      case 'TrialRequeued':
        return this.#enqueue(state, event.number, state.trials[event.number]!);
      case 'FinalModelQueued':
      case 'FinalModelRequeued':
        return this.#enqueue(state, 'final', state.finalModel!);
      case 'TrialFailed':
        return this.#removeTask(
          state,
          event.number,
          state.trials[event.number]!,
          state.trials[event.number]!.run,
        );
      case 'TrialPruned':
      case 'TrialCancelled':
        return this.#stop(
          state,
          event.number,
          event.type === 'TrialPruned' ? 'prune' : 'cancel',
          state.trials[event.number]!,
        );
      case 'PlotsQueued':
        return this.addPlots(state, state.plots[String(event.target)]!);
      case 'JobCancelled':
      case 'JobFailed':
        return this.#stopRest(state);
    }
  }

  async #enqueue(state: StudyState, target: TrainingTarget, training: TrainingState): Promise<void> {
    // It may have moved on since the event.
    if (training.status !== 'queued') return;
    // The task of an earlier run may still be queued if that run was lost only seemingly.
    if (training.run > 1) await this.#removeTask(state, target, training, training.run - 1);
    await this.addTraining(state, target, training);
  }

  addTraining(state: StudyState, target: TrainingTarget, training: TrainingState): Promise<void> {
    return this.#queues[trialQueue(training.resource)].add(trialJobOf(state, target, training), {
      id: trialJobId(state.jobId, target, training.run),
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

  async #stop(
    { jobId }: StudyState,
    target: TrainingTarget,
    action: 'cancel' | 'prune',
    training: TrainingState,
  ): Promise<void> {
    await this.#removeTask({ jobId }, target, training, training.run);
    // A trainer that takes it later sees the outcome in the log; the message is for one that is training already.
    if (training.attempt > 0) await sendControl(this.#redis, { jobId, target, action });
  }

  /** Trials are stopped by events of their own; the final model and the charts end with the job. */
  async #stopRest(state: StudyState): Promise<void> {
    const { finalModel, jobId } = state;
    if (finalModel && finalModel.status !== 'completed')
      await this.#stop(state, 'final', 'cancel', finalModel);
    const waiting = Object.values(state.plots).filter(({ status }) => status === 'queued');
    if (waiting.length === 0) return;
    await sendControl(this.#redis, { jobId, target: 'plots', action: 'cancel' });
    await Promise.all(
      waiting.map(({ target, run }) => this.#queues.plots.remove(plotJobId(jobId, target, run))),
    );
  }

  #removeTask(
    { jobId }: Pick<StudyState, 'jobId'>,
    target: TrainingTarget,
    { resource }: TrainingState,
    run: number,
  ): Promise<void> {
    return this.#queues[trialQueue(resource)].remove(trialJobId(jobId, target, run));
  }
}
