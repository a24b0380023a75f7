/** The epoch as the study log keeps it: small, because a study has hundreds of thousands of them. */
import type { EpochMetrics, EpochSummary } from '@onegin/contracts';

/** Four digits say enough of a layer; they keep the log small. */
const short = (value: number | null): number | null =>
  value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(4));

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

export function epochSummary(metrics: EpochMetrics): EpochSummary {
  return {
    epoch: metrics.epoch,
    trainLoss: finite(metrics.trainLoss),
    trainAccuracy: finite(metrics.trainAccuracy),
    validationLoss: finite(metrics.validationLoss),
    validationAccuracy: finite(metrics.validationAccuracy),
    learningRate: metrics.learningRate,
    seconds: metrics.seconds,
    samplesPerSecond: metrics.samplesPerSecond,
    layers: Object.fromEntries(
      metrics.layers.map(({ layer, gradientNorm, updateRatio, dead, saturated }) => [
        layer,
        [short(gradientNorm), short(updateRatio), short(dead), short(saturated)],
      ]),
    ),
  };
}
