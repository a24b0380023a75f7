/** What the trainer knows of itself: for its heartbeat, and for taking itself out when it keeps failing. */
import { hostname } from 'node:os';
import type { TrainerHeartbeat, TrainingTarget } from '@onegin/contracts';
import type { BatchProgress, EngineInfo } from '@onegin/training';
import type { TrainerConfig } from './config.ts';

interface Current {
  jobId: string;
  target: TrainingTarget;
  epoch: number;
  epochs: number;
}

export class Vitals {
  readonly #config: Pick<TrainerConfig, 'trainerId' | 'resource' | 'withdrawAfter'>;
  readonly #startedAt = Date.now();
  /** Trainings whose attempts failed since one succeeded. */
  readonly #failedInARow = new Set<string>();
  #current: Current | null = null;
  #completed = 0;
  #failed = 0;
  #draining = false;
  #steps = { count: 0, since: 0, perSecond: null as number | null };
  #samplesPerSecond: number | null = null;

  constructor(config: Pick<TrainerConfig, 'trainerId' | 'resource' | 'withdrawAfter'>) {
    this.#config = config;
  }

  /** Different trainings failed here in a row: it is more likely the trainer than the trials. */
  get withdrawn(): boolean {
    return this.#failedInARow.size >= this.#config.withdrawAfter;
  }

  drain(): void {
    this.#draining = true;
  }

  begin({
    jobId,
    target,
    epochs,
    epochsDone,
  }: {
    jobId: string;
    target: TrainingTarget;
    epochs: number;
    epochsDone: number;
  }): void {
    this.#current = { jobId, target, epoch: epochsDone, epochs };
    this.#steps = { count: 0, since: performance.now(), perSecond: null };
  }

  progress({ epoch, batch, batches }: BatchProgress): void {
    const count = (epoch - 1) * batches + batch;
    const seconds = (performance.now() - this.#steps.since) / 1000;
    if (this.#steps.count > 0 && seconds > 0 && count > this.#steps.count)
      this.#steps.perSecond = (count - this.#steps.count) / seconds;
    this.#steps = { count, since: performance.now(), perSecond: this.#steps.perSecond };
  }

  epochEnded(epoch: number, samplesPerSecond: number): void {
    if (this.#current) this.#current.epoch = epoch;
    this.#samplesPerSecond = samplesPerSecond;
  }

  end(outcome: 'completed' | 'failed' | 'other'): void {
    const current = this.#current;
    this.#current = null;
    if (outcome === 'completed') {
      this.#completed++;
      this.#failedInARow.clear();
    } else if (outcome === 'failed' && current) {
      this.#failed++;
      this.#failedInARow.add(`${current.jobId} ${current.target}`);
    }
  }

  heartbeat(engine: EngineInfo | null): TrainerHeartbeat {
    return {
      id: this.#config.trainerId,
      host: hostname(),
      pid: process.pid,
      resource: this.#config.resource,
      engine: engine?.name ?? 'not loaded yet',
      device: engine?.device ?? this.#config.resource,
      slots: 1,
      status: this.#draining ? 'draining' : this.withdrawn ? 'withdrawn' : 'ready',
      current: this.#current ? [this.#current] : [],
      stepsPerSecond: this.#current ? this.#steps.perSecond : null,
      samplesPerSecond: this.#samplesPerSecond,
      completed: this.#completed,
      failedInARow: this.#failedInARow.size,
      failed: this.#failed,
      startedAt: this.#startedAt,
      at: Date.now(),
      simulated: false,
    };
  }
}
