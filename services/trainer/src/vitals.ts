/** What the trainer knows of itself: for its heartbeat, and for taking itself out when it keeps failing. */
import { hostname } from 'node:os';
import type { ErrorCode, TrainerHeartbeat, TrainingTarget } from '@onegin/contracts';
import type { BatchProgress, EngineInfo } from '@onegin/training';
import type { TrainerConfig } from './config.ts';
import { Throughput } from './throughput.ts';
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
  readonly #throughput = new Throughput();
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
    this.#throughput.begin();
  }

  progress(progress: BatchProgress): void {
    this.#throughput.progress(progress);
  }

  /** Batches a second over the last trainings; null before the first has ended. */
  get speed(): number | null {
    return this.#throughput.typical;
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
    this.#throughput.end();
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
      stepsPerSecond: this.#current ? this.#throughput.perSecond : null,
      samplesPerSecond: this.#samplesPerSecond,
      speed: this.speed,
      completed: this.#completed,
      failedInARow: this.withdrawal.failedInARow,
      failed: this.#failed,
      startedAt: this.#startedAt,
      at: Date.now(),
      simulated: false,
    };
  }
}
