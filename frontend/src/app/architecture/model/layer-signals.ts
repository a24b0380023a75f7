/**
 * What was measured of every layer, epoch by epoch: from the epochs of the study log while a trial trains, and from
 * its full metrics once they are stored. Both give the same shape, so that a view need not ask which it has.
 */
import {
  layersHealth,
  type EpochMetrics,
  type EpochSummary,
  type LayerHealth,
  type LayerSignals,
} from '@onegin/contracts';

export interface LayerMeasures extends LayerSignals {
  readonly weightNorm?: number | null;
  readonly activationMean?: number | null;
  readonly activationStd?: number | null;
}

export interface EpochOfLayers {
  /** From 1. */
  readonly epoch: number;
  readonly validationAccuracy: number | null;
  readonly validationLoss: number | null;
  readonly layers: ReadonlyMap<string, LayerMeasures>;
  readonly health: ReadonlyMap<string, LayerHealth>;
}

const fromLayers = (
  epoch: Pick<EpochSummary, 'epoch' | 'validationAccuracy' | 'validationLoss'>,
  layers: Map<string, LayerMeasures>,
): EpochOfLayers => ({
  epoch: epoch.epoch,
  validationAccuracy: epoch.validationAccuracy,
  validationLoss: epoch.validationLoss,
  layers,
  health: layersHealth(layers),
});

/** From the study log: live, and all there is of a trial that did not complete. */
export function epochsFromLog(epochs: readonly EpochSummary[]): EpochOfLayers[] {
  return epochs.map((epoch) => {
    const layers = Object.entries(epoch.layers ?? {}).map(
      ([id, [gradientNorm, updateRatio, dead, saturated]]) =>
        [id, { gradientNorm, updateRatio, dead, saturated }] as const,
    );
    return fromLayers(epoch, new Map(layers));
  });
}

/** From the metrics of a completed trial. */
export function epochsFromMetrics(epochs: readonly EpochMetrics[]): EpochOfLayers[] {
  return epochs.map((epoch) =>
    fromLayers(epoch, new Map(epoch.layers.map(({ layer, ...measures }) => [layer, measures]))),
  );
}
