/** A study of thousands of trials in a real log, with events as large as those of real trainings; none was trained. */
import { setTimeout as delay } from 'node:timers/promises';
import { sampleStudyEvents } from '@onegin/charts/testing';
import {
  trainingKey,
  type ArtifactRef,
  type EpochSummary,
  type NewStudyEvent,
  type StudyEvent,
  type TrainingTarget,
} from '@onegin/contracts';
import type { StudyLog } from '@onegin/service-kit';

const BATCH = 500;
const OUTCOMES = /^Training(Completed|Pruned|Failed)$/;
/** More than are shown at first: the study goes on while the page is looked at. */
const FURTHER_TRIALS = 1000;
const LAYERS = [
  'conv_1',
  'activation_1',
  'conv_2',
  'activation_2',
  'dense_1',
  'dense_activation_1',
  'output',
];
const FILES = ['metrics.json', 'architecture.json', 'hyperparameters.yaml', 'weights.bin', 'events.tfevents'];

export class LargeStudy {
  readonly #log: StudyLog;
  readonly #jobId: string;
  readonly #events: readonly StudyEvent[];
  readonly #trials: number;
  #written = 0;

  constructor(log: StudyLog, jobId: string, { trials, epochs }: { trials: number; epochs: number }) {
    this.#log = log;
    this.#jobId = jobId;
    this.#trials = trials;
    this.#events = sampleStudyEvents({
      trials: trials + FURTHER_TRIALS,
      epochs,
      mode: 'health',
      trainers: 8,
    });
  }

  /** All but the further trials, and the snapshot that the orchestrator keeps. */
  async write(): Promise<void> {
    const end = this.#events.findIndex(
      (event) => event.type === 'TrainingQueued' && event.target === this.#trials,
    );
    while (this.#written < end) await this.#append(Math.min(BATCH, end - this.#written));
    const state = await this.#log.load(this.#jobId);
    if (state) await this.#log.writeSnapshot(state);
  }

  /** The number of trials that have an outcome by now. */
  get outcomes(): number {
    return this.#events.slice(0, this.#written).filter(({ type }) => OUTCOMES.test(type)).length;
  }

  /** The further trials, an event at a time at a steady rate. */
  async goOn(rate: number, seconds: number): Promise<void> {
    const begin = performance.now();
    for (let i = 0; i < rate * seconds; i++) {
      const due = begin + (1000 * i) / rate;
      if (due > performance.now()) await delay(due - performance.now());
      await this.#append(1);
    }
  }

  async #append(count: number): Promise<void> {
    const events = this.#events
      .slice(this.#written, this.#written + count)
      .map((event) => this.#fullSize(event));
    if (events.length < count) throw new Error('expected further trials, found the end of the study');
    const { refusals } = await this.#log.append(this.#jobId, events);
    const refused = refusals.findIndex((refusal) => refusal !== null);
    if (refused >= 0) throw new Error(`${events[refused]?.type} was refused: ${refusals[refused]}`);
    this.#written += count;
  }

  #fullSize({ seq, at: _at, ...event }: StudyEvent): NewStudyEvent {
    switch (event.type) {
      case 'JobRequested':
        return { ...event, config: { ...event.config, jobId: this.#jobId, runName: this.#jobId } };
      case 'EpochEnded':
        return { ...event, summary: { ...rounded(event.summary), layers: layersAt(seq) } };
      case 'TrainingCompleted':
        return { ...event, artifacts: FILES.map((file) => this.#reference(event.target, file)) };
      default:
        return event as NewStudyEvent;
    }
  }

  #reference(target: TrainingTarget, file: string): ArtifactRef {
    const key = trainingKey(this.#jobId, target, 1, file);
    const sha256 = Number(target).toString(16).padStart(64, '0');
    return {
      kind: file.replace(/\..*/, ''),
      key,
      bytes: 100_000,
      sha256,
      contentType: 'application/octet-stream',
    };
  }
}

/** As many digits as a real summary has. */
const rounded = (summary: EpochSummary): EpochSummary =>
  Object.fromEntries(
    Object.entries(summary).map(([name, value]) => [
      name,
      typeof value === 'number' ? Number(value.toPrecision(4)) : value,
    ]),
  ) as unknown as EpochSummary;

/** Gradient, step, dead and saturated units of each layer. */
const layersAt = (seed: number): Record<string, [number, number, number, number]> =>
  Object.fromEntries(
    LAYERS.map((name, i) => {
      const figure = Number(Math.abs(Math.sin(seed * 31 + i * 7)).toPrecision(4));
      return [name, [figure, figure / 100, 0, 0]];
    }),
  );
