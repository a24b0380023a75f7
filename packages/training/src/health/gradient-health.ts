/**
 * Gradient health: whether every layer learns, neither standing still nor thrashing.
 *
 * For each layer with weights and each epoch:
 *   update  = ‖Δw‖ / ‖w‖ of a step, healthy in [1e-5, 1e-1]
 *   depth   = ‖gradient‖ / ‖gradient of the last layer‖, healthy in [1e-3, 1e3] (Glorot & Bengio 2010)
 * Each scores 1 in its band and falls linearly over one decade outside; the layer's score is their mean. The metric is
 * the mean over layers and epochs, times the share of (layer, epoch) whose gradients were finite.
 *
 * The actual change Δw is measured, not lr · ‖g‖: the two differ by far for Adam.
 */
import { bandScore, DEPTH_BAND, UPDATE_BAND, type EpochMetrics, type HealthValue } from '@onegin/contracts';
import { known, mean, unknown } from './value.ts';

export function gradientHealth(epochs: readonly Pick<EpochMetrics, 'layers'>[]): HealthValue {
  const scores: number[] = [];
  let asked = 0;
  for (const { layers } of epochs) {
    const weighted = layers.filter((layer) => layer.weightNorm !== null);
    const last = weighted.at(-1)?.gradientNorm ?? null;
    for (const { gradientNorm, updateRatio } of weighted) {
      asked++;
      if (gradientNorm === null || updateRatio === null) continue;
      const depth = last === null || last === 0 ? 0 : bandScore(gradientNorm / last, DEPTH_BAND);
      scores.push((bandScore(updateRatio, UPDATE_BAND) + depth) / 2);
    }
  }
  if (asked === 0) return unknown('no gradients were measured');
  return scores.length === 0 ? known(0) : known(mean(scores) * (scores.length / asked));
}
