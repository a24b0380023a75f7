/** What the training of a trial promises, on any engine. */
import { modelConfigFromParams, trialMetricsSchema, type EpochMetrics } from '@onegin/contracts';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Engine } from '../engine/engine.ts';
import { trainTrial } from '../loop/train-trial.ts';
import type { StopSignal, TrialOptions, TrialResult } from '../loop/trial.ts';
import { tinyImages, tinyTexts } from './tiny-data.ts';

const cnn = modelConfigFromParams('cnn', { filters: 4, denseUnits: 16, batchSize: 32, learningRate: 5e-3 });
const lstm = modelConfigFromParams('lstm', {
  vocabularySize: 40,
  sequenceLength: 10,
  embeddingSize: 8,
  lstmUnits: 8,
  bidirectional: true,
  batchSize: 32,
  learningRate: 2e-2,
});

/** Everything but the times, which no two runs share. */
function withoutTimes(result: TrialResult) {
  const { metrics, weights, epochsDone, outcome } = result;
  const epochs = metrics!.epochs.map((epoch) => ({ ...epoch, seconds: 0, samplesPerSecond: 0 }));
  const health = { ...metrics!.health, millisecondsPerSample: 0 };
  return { outcome, epochsDone, weights, metrics: { ...metrics!, epochs, health, seconds: 0 } };
}

export function trialContract(name: string, open: () => Promise<Engine>): void {
  // A busy machine can be ten times slower than an idle one.
  jest.setTimeout(120_000);
  describe(`trainTrial: ${name}`, () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await open();
    });
    const images = (more: Partial<TrialOptions> = {}): TrialOptions => ({
      engine,
      model: cnn,
      data: tinyImages(),
      epochs: 3,
      seed: 3,
      ...more,
    });
    const texts = (more: Partial<TrialOptions> = {}): TrialOptions => ({
      ...images({ model: lstm, data: tinyTexts() }),
      ...more,
    });

    it('learns to tell images apart, and leaves valid metrics', async () => {
      const { metrics, outcome, weights } = await trainTrial(images({ epochs: 10 }));
      expect(outcome).toBe('completed');
      expect(trialMetricsSchema.parse(metrics)).toEqual(metrics);
      expect(metrics!.validationAccuracy).toBeGreaterThan(0.9);
      expect(metrics!.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      const supports = metrics!.classScores.map(({ support }) => support);
      expect(supports).toEqual([32, 32, 32]);
      expect(weights.reduce((sum, { values }) => sum + values.length, 0)).toBe(metrics!.parameterCount);
    });

    it('learns to tell texts apart, and leaves valid metrics', async () => {
      const { metrics } = await trainTrial(texts({ epochs: 6 }));
      expect(trialMetricsSchema.parse(metrics)).toEqual(metrics);
      expect(metrics!.validationAccuracy).toBeGreaterThan(0.9);
      const lstmLayer = metrics!.epochs.at(-1)!.layers.find(({ layer }) => layer === 'lstm_1')!;
      expect(lstmLayer.saturated).not.toBeNull();
    });

    describe.each([
      ['CNN', images],
      ['LSTM', texts],
    ])('%s', (_kind, options) => {
      it('gives the same with the same seed, and not with another', async () => {
        const first = withoutTimes(await trainTrial(options({ epochs: 2 })));
        expect(withoutTimes(await trainTrial(options({ epochs: 2 })))).toEqual(first);
        expect(withoutTimes(await trainTrial(options({ epochs: 2, seed: 4 }))).weights).not.toEqual(
          first.weights,
        );
      });

      it('goes on from the checkpoint of an epoch as if it had never stopped', async () => {
        const whole = await trainTrial(options());
        const paused = await trainTrial(
          options({ onEpoch: ({ epoch }) => (epoch === 2 ? 'pause' : undefined) }),
        );
        expect(paused).toMatchObject({ outcome: 'stopped', reason: 'pause', epochsDone: 2 });
        const resumed = await trainTrial(options({ checkpoint: paused.checkpoint }));
        expect(withoutTimes(resumed)).toEqual(withoutTimes(whole));
      });

      it('goes on from the middle of an epoch', async () => {
        const whole = await trainTrial(options());
        let asked = 0;
        const stop = (): StopSignal | undefined => (++asked > 9 ? 'release' : undefined);
        const part = await trainTrial(options({ stop }));
        expect(part).toMatchObject({ outcome: 'stopped', reason: 'release' });
        expect(asked).toBe(10);
        const resumed = await trainTrial(options({ checkpoint: part.checkpoint }));
        expect(withoutTimes(resumed)).toEqual(withoutTimes(whole));
      });

      it('holds nothing afterwards', async () => {
        const before = engine.held();
        await trainTrial(options({ epochs: 1 }));
        expect(engine.held()).toBe(before);
      });
    });

    it.each(['sgd', 'rmsprop', 'adam', 'adamw'] as const)('resumes %s with its state', async (optimizer) => {
      const model = { ...cnn, optimizer, l2: 1e-4, learningRate: optimizer === 'sgd' ? 2e-2 : 2e-3 };
      const whole = await trainTrial(images({ model, epochs: 2 }));
      const paused = await trainTrial(images({ model, epochs: 2, onEpoch: () => 'pause' }));
      const resumed = await trainTrial(images({ model, epochs: 2, checkpoint: paused.checkpoint }));
      expect(withoutTimes(resumed)).toEqual(withoutTimes(whole));
      expect(whole.metrics!.validationLoss).toBeLessThan(Math.log(3));
    });

    it('refuses the checkpoint of another trial', async () => {
      const { checkpoint } = await trainTrial(images({ epochs: 1 }));
      const refusal = { code: 'checkpoint-unfit' };
      await expect(trainTrial(images({ checkpoint, seed: 4 }))).rejects.toMatchObject(refusal);
      const model = { ...cnn, denseUnits: 17 };
      await expect(trainTrial(images({ checkpoint, model }))).rejects.toMatchObject(refusal);
    });

    it('stops before the first batch when told, with nothing to show', async () => {
      const result = await trainTrial(images({ stop: () => 'cancel' }));
      expect(result).toMatchObject({ outcome: 'stopped', reason: 'cancel', epochsDone: 0, metrics: null });
    });

    it('hears a message that comes while it trains', async () => {
      let signal: StopSignal | undefined;
      const timer = setTimeout(() => (signal = 'cancel'), 60);
      const result = await trainTrial(images({ epochs: 10_000, stop: () => signal }));
      clearTimeout(timer);
      expect(result).toMatchObject({ outcome: 'stopped', reason: 'cancel' });
    });

    it('prunes when its listener says so', async () => {
      const seen: EpochMetrics[] = [];
      const onEpoch = (metrics: EpochMetrics) => {
        seen.push(metrics);
        return metrics.epoch === 2 ? ('stop' as const) : undefined;
      };
      const result = await trainTrial(images({ onEpoch }));
      expect(result).toMatchObject({ outcome: 'stopped', reason: 'pruned', epochsDone: 2 });
      expect(seen.length).toBe(2);
    });

    it('ends early when the validation loss stops falling', async () => {
      const model = { ...cnn, earlyStoppingPatience: 1, learningRate: 1e-6, schedule: 'constant' as const };
      const data = tinyImages();
      // Labels that have nothing to do with the images cannot be learnt.
      data.validation.labels = data.validation.labels.map((_, i) => (i * 7) % 3);
      const result = await trainTrial(images({ model, data, epochs: 200 }));
      expect(result).toMatchObject({ outcome: 'completed', reason: 'early-stopping' });
      expect(result.epochsDone).toBeLessThan(200);
    });

    it('reports progress without flooding', async () => {
      const reports: number[] = [];
      const started = performance.now();
      await trainTrial(images({ onProgress: ({ batch }) => reports.push(batch) }));
      expect(reports.length).toBeGreaterThan(0);
      expect(reports.length).toBeLessThanOrEqual((performance.now() - started) / 250 + 1);
    });

    it('names the step at which training diverges', async () => {
      const before = engine.held();
      const model = { ...cnn, optimizer: 'sgd' as const, learningRate: 1e25, batchNorm: false };
      await expect(trainTrial(images({ model, epochs: 50 }))).rejects.toMatchObject({
        code: 'diverged',
        message: expect.stringMatching(/at step \d+/),
      });
      expect(engine.held()).toBe(before);
    });
  });
}
