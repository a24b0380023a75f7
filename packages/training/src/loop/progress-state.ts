/** What a trial remembers between steps and epochs; plain data, as a checkpoint holds it. */
import type { EpochMetrics, LayerHistograms } from '@onegin/contracts';

/** Sums over the sampled steps of an epoch, for one layer. */
export interface LayerSums {
  gradientNorm: number;
  updateRatio: number;
  steps: number;
}

/** Sums over the steps of an epoch that is under way. */
export interface EpochSums {
  loss: number;
  correct: number;
  samples: number;
  seconds: number;
  layers: Record<string, LayerSums>;
}

export const emptySums = (): EpochSums => ({ loss: 0, correct: 0, samples: 0, seconds: 0, layers: {} });

export interface History {
  epochs: EpochMetrics[];
  /** Mean loss of every step. */
  stepLosses: number[];
  histograms: LayerHistograms[];
  /** Seconds of training, over all parts of the trial. */
  seconds: number;
}

export const emptyHistory = (): History => ({ epochs: [], stepLosses: [], histograms: [], seconds: 0 });
