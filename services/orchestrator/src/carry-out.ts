/**
 * What follows from accepted events outside the log: queue entries, and messages to trainers and plotters. All of it
 * may be done twice, and all of it is found again by comparing queues with the state, so a crash in between loses
 * nothing.
 */
import {
  plotJobId,
  trialJobId,
  trialQueue,
  type PlotsState,
  type StudyEvent,
  type StudyState,
  targetOf,
  trainingOf,
  type Training,
} from '@onegin/contracts';
import { sendControl, type Redis, type TypedQueue } from '@onegin/service-kit';
import { trialJobOf } from '@onegin/study';

export interface Queues {
  readonly studies: TypedQueue<'studies'>;
  readonly 'trials-cpu': TypedQueue<'trials-cpu'>;
  readonly 'trials-gpu': TypedQueue<'trials-gpu'>;
  readonly plots: TypedQueue<'plots'>;
}

export class CarryOut {
  readonly #queues: Queues;
  readonly #redis: Redis;

  constructor(queues: Queues, redis: Redis) {
    this.#queues = queues;
    this.#redis = redis;
  }

  /** @param state the state after the events */
  async events(state: StudyState, events: readonly StudyEvent[]): Promise<void> {
    await Promise.all(events.map((event) => this.#one(state, event)));
  }

  async #one(state: StudyState, event: StudyEvent): Promise<void> {
    switch (event.type) {
      case 'TrainingQueued':
      case 'TrainingPromoted':
      case 'TrainingRequeued':
        return this.#enqueue(state, trainingOf(state, event.target)!);
      case 'TrainingFailed':
        return this.#removeEntry(state, trainingOf(state, event.target)!);
      case 'TrainingPruned':
        return this.#callOff(state, trainingOf(state, event.target)!, 'prune');
      case 'TrainingCancelled':
        return this.#callOff(state, trainingOf(state, event.target)!, 'cancel');
      case 'PlotsQueued':
        return this.addPlots(state, state.plots[String(event.target)]!);
      case 'JobCancelled':
      case 'JobFailed':
        return this.#callOffPlots(state);
    }
  }

  async #enqueue(state: StudyState, training: Training): Promise<void> {
    // It may have moved on since the event.
    if (training.status !== 'queued') return;
    // The entry of an earlier run may wait where that run was only believed lost.
    if (training.run > 1) await this.#removeEntry(state, training, training.run - 1);
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

  async #callOff(state: StudyState, training: Training, action: 'cancel' | 'prune'): Promise<void> {
    await this.#removeEntry(state, training);
    // Whoever takes it up now sees the outcome in the log; a message is for who trains already.
    if (training.attempt > 0)
      await sendControl(this.#redis, { jobId: state.jobId, target: targetOf(training), action });
  }

  /** Trainings are called off by events of their own; charts end with the job. */
  async #callOffPlots({ jobId, plots }: StudyState): Promise<void> {
    const waiting = Object.values(plots).filter(({ status }) => status === 'queued');
    if (waiting.length === 0) return;
    await sendControl(this.#redis, { jobId, target: 'plots', action: 'cancel' });
    await Promise.all(
      waiting.map(({ target, run }) => this.#queues.plots.remove(plotJobId(jobId, target, run))),
    );
  }

  #removeEntry({ jobId }: StudyState, training: Training, run = training.run): Promise<void> {
    const id = trialJobId(jobId, targetOf(training), run);
    return this.#queues[trialQueue(training.resource)].remove(id);
  }
}
