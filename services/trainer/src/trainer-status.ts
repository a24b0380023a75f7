/** The state of the trainer: its heartbeat, and the circuit breaker for when it keeps failing. */
import { hostname } from 'node:os';
import type { ErrorCode, TrainerHeartbeat, TrainingTarget } from '@onegin/contracts';
import type { BatchProgress, EngineInfo } from '@onegin/training';
import { CircuitBreaker } from './circuit-breaker.ts';
import type { TrainerConfig } from './config.ts';
import { Throughput } from './throughput.ts';

interface Current {
  jobId: string;
  target: TrainingTarget;
  epoch: number;
  epochs: number;
}

type TrainerStatusConfig = Pick<
  TrainerConfig,
  'trainerId' | 'resource' | 'device' | 'fallback' | 'withdrawAfter' | 'withdrawnForMs'
>;

export class TrainerStatus {
  readonly #config: TrainerStatusConfig;
  readonly #startedAt = Date.now();
  readonly breaker: CircuitBreaker;
  #current: Current | null = null;
  #completed = 0;
  #failed = 0;
  #draining = false;
  #waitingFor: 'storage' | null = null;
  readonly #throughput = new Throughput();
  #samplesPerSecond: number | null = null;

  constructor(config: TrainerStatusConfig) {
    this.#config = config;
    this.breaker = new CircuitBreaker({ after: config.withdrawAfter, pauseMs: config.withdrawnForMs });
  }

  /** What the current training waits for. */
  waitFor(what: 'storage' | null): void {
    this.#waitingFor = what;
  }

  /** Whether a training is running. */
  get training(): boolean {
    return this.#current !== null;
  }

  /** Whether it is shutting down and takes no more tasks. */
  get draining(): boolean {
    return this.#draining;
  }

  drain(): void {
    this.#draining = true;
  }

  begin({ jobId, target, epoch, epochs }: Current): void {
    this.#current = { jobId, target, epoch, epochs };
    this.#throughput.begin();
  }

  progress(progress: BatchProgress): void {
    this.#throughput.progress(progress);
  }

  /** Batches per second over the last trainings; null before the first has ended. */
  get speed(): number | null {
    return this.#throughput.typical;
  }

  epochEnded(epoch: number, samplesPerSecond: number): void {
    if (this.#current) this.#current.epoch = epoch;
    this.#samplesPerSecond = samplesPerSecond;
  }

  /** The current attempt failed. */
  failed(code: ErrorCode): void {
    this.#failed++;
    if (this.#current) this.breaker.failed(`${this.#current.jobId} ${this.#current.target}`, code);
  }

  end(outcome: 'completed' | 'other'): void {
    this.#current = null;
    this.#waitingFor = null;
    this.#throughput.end();
    if (outcome === 'other') return;
    this.#completed++;
    this.breaker.succeeded();
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
      status: this.#draining ? 'draining' : this.breaker.isOpen ? 'withdrawn' : 'ready',
      ...(this.#waitingFor && { waitingFor: this.#waitingFor }),
      ...(this.#config.fallback && { fallback: true }),
      current: this.#current ? [this.#current] : [],
      stepsPerSecond: this.#current ? this.#throughput.perSecond : null,
      samplesPerSecond: this.#samplesPerSecond,
      speed: this.speed,
      completed: this.#completed,
      failedInARow: this.breaker.failedInARow,
      failed: this.#failed,
      startedAt: this.#startedAt,
      at: Date.now(),
      simulated: false,
    };
  }
}
