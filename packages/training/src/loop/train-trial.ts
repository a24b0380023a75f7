/**
 * The training of one trial, from its first step or from a checkpoint.
 *
 * Everything random is a function of the seed and the position (weights, shuffles, dropout), so equal inputs give
 * equal results on the same engine, in one go or in parts.
 */
import { OneginError, streamOf, type EpochMetrics } from '@onegin/contracts';
import type { Optimizer } from '../engine/engine.ts';
import { Network } from '../network/network.ts';
import { planForData } from '../network/plan.ts';
import { ALONE, shareOf, type DeviceGroup } from '../parallel/device-group.ts';
import { openSources, type Sources } from './batches.ts';
import { readCheckpoint, writeCheckpoint, type CheckpointState } from './checkpoint.ts';
import { epochMetrics, layerHistograms } from './epoch-metrics.ts';
import { evaluate, type Evaluation } from './evaluate.ts';
import { fixedSample, observeUnits } from './observe-units.ts';
import { Pace } from './pace.ts';
import { emptyHistory, emptySums, type EpochSums, type History } from './progress-state.ts';
import { learningRateAt, stoppedImproving } from './schedule.ts';
import { openOptimizer, trainingStep } from './training-step.ts';
import { trialMetrics } from './trial-metrics.ts';
import type { StopReason, StopSignal, TrialOptions, TrialResult } from './trial.ts';

/** Steps of an epoch whose gradients are measured. */
const MEASURED_STEPS = 8;

/**
 * Trains the model on the data.
 * @throws OneginError `network-impossible` | `dataset-invalid` | `checkpoint-unfit` before the first step,
 *   `diverged` | `out-of-memory` | `training-failed` during training
 */
export async function trainTrial(options: TrialOptions): Promise<TrialResult> {
  if (!Number.isInteger(options.epochs) || options.epochs < 1)
    throw new RangeError(`epochs: expected a whole number of at least 1, found ${options.epochs}`);
  const plan = planForData(options.model, options.data);
  const sources = openSources(options.data, options.model, plan);
  const network = new Network(plan, options.engine, options.seed);
  const optimizer = openOptimizer(network);
  try {
    const trial = new Trial(options, network, optimizer, sources);
    if (options.checkpoint) trial.restore(options.checkpoint);
    return await trial.run();
  } finally {
    optimizer.dispose();
    network.dispose();
  }
}

class Trial {
  readonly #options: TrialOptions;
  readonly #network: Network;
  readonly #optimizer: Optimizer;
  readonly #sources: Sources;
  readonly #sample: Int32Array;
  readonly #pace = new Pace();
  readonly #group: DeviceGroup;
  /** The stop that all devices have heard of. */
  #signal: StopSignal | undefined;
  #epoch = 0;
  #batch = 0;
  #step = 0;
  #sums: EpochSums = emptySums();
  #history: History = emptyHistory();
  #evaluation: Evaluation | undefined;

  constructor(options: TrialOptions, network: Network, optimizer: Optimizer, sources: Sources) {
    this.#options = options;
    this.#group = options.group ?? ALONE;
    this.#network = network;
    this.#optimizer = optimizer;
    this.#sources = sources;
    this.#sample = fixedSample(sources.validation, options.seed);
  }

  get #losses(): number[] {
    return this.#history.epochs.map(({ validationLoss }) => validationLoss);
  }

  async run(): Promise<TrialResult> {
    const { epochs, model } = this.#options;
    let early = stoppedImproving(this.#losses, model.earlyStoppingPatience);
    while (this.#epoch < epochs && !early) {
      const signal = await this.#trainEpoch();
      if (signal) return this.#result('stopped', signal, false);
      const verdict = await this.#endEpoch();
      if (verdict) return this.#result('stopped', verdict === 'stop' ? 'pruned' : 'pause');
      early = stoppedImproving(this.#losses, model.earlyStoppingPatience);
    }
    return this.#result('completed', early && this.#epoch < epochs ? 'early-stopping' : undefined);
  }

  /** Trains what is left of the epoch; a stop signal ends it before the next batch. */
  async #trainEpoch(): Promise<StopReason | undefined> {
    const { train } = this.#sources;
    const { model, seed } = this.#options;
    const order = Int32Array.from({ length: train.count }, (_, i) => i);
    streamOf(seed, 'shuffle', this.#epoch).shuffle(order);
    const batches = Math.ceil(train.count / model.batchSize);
    const every = Math.max(1, Math.floor(batches / MEASURED_STEPS));
    while (this.#batch < batches) {
      const asked = this.#signal ?? this.#options.stop?.();
      // Several devices stop after the step in which all have heard of it.
      if (asked && (this.#signal || this.#group.size === 1)) return asked;
      const started = performance.now();
      const from = this.#batch * model.batchSize;
      const whole = order.subarray(from, Math.min(from + model.batchSize, train.count));
      const share = shareOf(whole.length, this.#group);
      const batch = train.batch(whole.subarray(share.from, share.from + share.rows));
      const { loss, signal } = trainingStep(this.#network, this.#optimizer, batch, this.#sums, {
        step: this.#step,
        learningRate: this.#learningRate(this.#batch / batches),
        measure: this.#batch % every === 0,
        group: this.#group,
        share,
        signal: asked,
      });
      this.#signal = signal;
      this.#history.stepLosses.push(loss);
      this.#batch++;
      this.#step++;
      this.#sums.seconds += (performance.now() - started) / 1000;
      this.#report(batches);
      const pause = this.#pace.breathe();
      if (pause) await pause;
    }
    return undefined;
  }

  #learningRate(within: number): number {
    const { model, epochs } = this.#options;
    const position = { epoch: this.#epoch + within, epochs, validationLosses: this.#losses };
    return learningRateAt(model, position);
  }

  #report(batches: number): void {
    const { onProgress, epochs } = this.#options;
    if (!onProgress || !this.#pace.due()) return;
    const loss = this.#sums.loss / this.#sums.samples;
    onProgress({ epoch: this.#epoch + 1, epochs, batch: this.#batch, batches, loss });
  }

  /** Validates, records the epoch and asks its listener what to do. */
  async #endEpoch(): Promise<'stop' | 'pause' | undefined> {
    const started = performance.now();
    const { train, validation } = this.#sources;
    this.#evaluation = await evaluate(this.#network, validation, () => this.#pace.breathe(), this.#group);
    if (!Number.isFinite(this.#evaluation.loss))
      throw new OneginError(
        'diverged',
        `Training diverged at step ${this.#step}: the validation loss is ${this.#evaluation.loss}.`,
      );
    const observed = observeUnits(this.#network, validation, this.#sample, false);
    const batches = Math.ceil(train.count / this.#options.model.batchSize);
    const metrics: EpochMetrics = epochMetrics({
      epoch: this.#epoch + 1,
      sums: this.#sums,
      evaluation: this.#evaluation,
      observed,
      network: this.#network,
      learningRate: this.#learningRate((batches - 1) / batches),
      extraSeconds: (performance.now() - started) / 1000,
    });
    this.#history.epochs.push(metrics);
    this.#history.histograms.push(...layerHistograms(this.#epoch + 1, this.#network, observed));
    this.#history.seconds += metrics.seconds;
    this.#epoch++;
    this.#batch = 0;
    this.#sums = emptySums();
    const { onEpoch } = this.#options;
    const verdict = await this.#group.agree(
      async () => (await onEpoch?.(metrics, this.#checkpoint())) ?? null,
    );
    return verdict ?? undefined;
  }

  #identity(): CheckpointState['identity'] {
    const { engine, model, seed } = this.#options;
    return { engine: engine.info.name, model: JSON.stringify(model), seed };
  }

  #checkpoint(): Uint8Array {
    const { step: optimizerStep, slots } = this.#optimizer.state();
    return writeCheckpoint({
      identity: this.#identity(),
      epoch: this.#epoch,
      batch: this.#batch,
      step: this.#step,
      sums: this.#sums,
      history: this.#history,
      optimizerStep,
      weights: this.#network.weights(),
      slots,
    });
  }

  restore(bytes: Uint8Array): void {
    const saved = readCheckpoint(bytes);
    const expected = this.#identity();
    for (const key of ['model', 'seed'] as const)
      if (saved.identity[key] !== expected[key])
        throw new OneginError(
          'checkpoint-unfit',
          `The checkpoint is of another trial: expected ${key} ${expected[key]}, found ${saved.identity[key]}.`,
        );
    const lengths = (slots: readonly Float32Array[]) => slots.map(({ length }) => length).join(', ');
    const own = lengths(this.#optimizer.state().slots);
    if (lengths(saved.slots) !== own)
      throw new OneginError(
        'checkpoint-unfit',
        `The checkpoint's optimizer does not fit: expected slots of ${own} values, found ${lengths(saved.slots)}.`,
      );
    this.#network.setWeights(saved.weights);
    this.#optimizer.restore({ step: saved.optimizerStep, slots: saved.slots });
    this.#epoch = saved.epoch;
    this.#batch = saved.batch;
    this.#step = saved.step;
    this.#sums = saved.sums;
    this.#history = saved.history;
  }

  async #result(
    outcome: TrialResult['outcome'],
    reason: StopReason | undefined,
    measured = true,
  ): Promise<TrialResult> {
    return {
      outcome,
      ...(reason ? { reason } : {}),
      epochsDone: this.#epoch,
      // A stop waits for the training's end, not for its numbers.
      metrics: measured ? await this.#metrics() : null,
      weights: this.#network.weights(),
      checkpoint: this.#checkpoint(),
    };
  }

  async #metrics(): Promise<TrialResult['metrics']> {
    if (this.#history.epochs.length === 0) return null;
    const { validation } = this.#sources;
    // A trial that was resumed, or stopped within an epoch, has moved on since its last evaluation, or has none.
    const evaluation = this.#evaluation ?? (await evaluate(this.#network, validation));
    const observed = observeUnits(this.#network, validation, this.#sample, true);
    return trialMetrics({
      options: this.#options,
      network: this.#network,
      history: this.#history,
      evaluation,
      observed,
    });
  }
}
