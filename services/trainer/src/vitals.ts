/** What the trainer knows of itself: for its heartbeat, and for taking itself out when it keeps failing. */
import { hostname } from 'node:os';
import type { ErrorCode, TrainerHeartbeat, TrainingTarget } from '@onegin/contracts';
import type { BatchProgress, EngineInfo } from '@onegin/training';
import type { TrainerConfig } from './config.ts';
import { Withdrawal } from './withdrawal.ts';

interface Current {
  jobId: string;
  target: TrainingTarget;
  epoch: number;
  epochs: number;
}

type VitalsConfig = Pick<
  TrainerConfig,
  'trainerId' | 'resource' | 'device' | 'fallback' | 'withdrawAfter' | 'withdrawnForMs'
>;

export class Vitals {
  readonly #config: VitalsConfig;
  readonly #startedAt = Date.now();
  readonly withdrawal: Withdrawal;
  #current: Current | null = null;
  #completed = 0;
  #failed = 0;
  #draining = false;
  #waitingFor: 'storage' | null = null;
  #steps = { count: 0, since: 0, perSecond: null as number | null };
  #samplesPerSecond: number | null = null;

  constructor(config: VitalsConfig) {
    this.#config = config;
    this.withdrawal = new Withdrawal({ after: config.withdrawAfter, pauseMs: config.withdrawnForMs });
  }

  /** What the present training stands still for. */
  waitFor(what: 'storage' | null): void {
    this.#waitingFor = what;
  }

  /** Whether the present training waits for the store. */
  get waiting(): boolean {
    return this.#waitingFor !== null;
  }

  /** Whether a training is under way. */
  get training(): boolean {
    return this.#current !== null;
  }

  /** Whether it takes nothing more, for it is about to end. */
  get draining(): boolean {
    return this.#draining;
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

  /** Of the present training's attempt. */
  failed(code: ErrorCode): void {
    this.#failed++;
    if (this.#current) this.withdrawal.failed(`${this.#current.jobId} ${this.#current.target}`, code);
  }

  end(outcome: 'completed' | 'other'): void {
    this.#current = null;
    this.#waitingFor = null;
    if (outcome === 'other') return;
    this.#completed++;
    this.withdrawal.succeeded();
  }

  heartbeat(engine: EngineInfo | null): TrainerHeartbeat {
    return {
      id: this.#config.trainerId,
      host: hostname(),
      pid: process.pid,
      resource: this.#config.resource,
      engine: engine?.name ?? 'not loaded yet',
      device: engine?.device ?? this.#config.device,
      slots: 1,
      status: this.#draining ? 'draining' : this.withdrawal.withdrawn ? 'withdrawn' : 'ready',
      ...(this.#waitingFor && { waitingFor: this.#waitingFor }),
      ...(this.#config.fallback && { fallback: true }),
      current: this.#current ? [this.#current] : [],
      stepsPerSecond: this.#current ? this.#steps.perSecond : null,
      samplesPerSecond: this.#samplesPerSecond,
      completed: this.#completed,
      failedInARow: this.withdrawal.failedInARow,
      failed: this.#failed,
      startedAt: this.#startedAt,
      at: Date.now(),
      simulated: false,
    };
  }
}
