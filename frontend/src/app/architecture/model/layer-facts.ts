/** All that is known of one layer, as names and values for people. */
import type { Architecture, ArchitectureLayer } from '@onegin/contracts';
import type { EpochOfLayers, LayerMeasures } from './layer-signals.ts';
import { count, measure, percent, shapeWords } from './layer-words.ts';

export interface Fact {
  readonly name: string;
  readonly value: string;
  /** What the number means, in a sentence. */
  readonly meaning?: string;
}

/** What is settled before training begins. */
export function layerFacts(layer: ArchitectureLayer): Fact[] {
  const { filters, kernelSize, units, rate, activation } = layer;
  return [
    { name: 'Parameters', value: count(layer.parameters) },
    ...(filters === undefined ? [] : [{ name: 'Filters', value: count(filters) }]),
    ...(kernelSize === undefined ? [] : [{ name: 'Window', value: shapeWords(kernelSize) }]),
    ...(units === undefined ? [] : [{ name: 'Units', value: count(units) }]),
    ...(rate === undefined ? [] : [{ name: 'Silenced while training', value: percent(rate) }]),
    ...(activation === undefined ? [] : [{ name: 'Curve', value: activation }]),
  ];
}

/** What was measured in an epoch; only what there is. */
export function layerMeasures(measures: LayerMeasures): Fact[] {
  const { gradientNorm, weightNorm, updateRatio, activationMean, activationStd } = measures;
  const { dead, dormant, saturated } = measures;
  const number = (name: string, value: number | null | undefined, meaning: string): Fact[] =>
    value === null || value === undefined ? [] : [{ name, value: measure(value), meaning }];
  const share = (name: string, value: number | null | undefined, meaning: string): Fact[] =>
    value === null || value === undefined ? [] : [{ name, value: percent(value), meaning }];
  return [
    ...number('Gradient', gradientNorm, 'Length of the gradient of all its weights, mean over steps.'),
    ...number('Step', updateRatio, 'How much one step changes the weights, relative to their size.'),
    ...number('Weights', weightNorm, 'Length of the vector of all its weights.'),
    ...share('Dead units', dead, 'Never above 0 (ReLU), or never moving, on the validation sample.'),
    ...share('Dormant units', dormant, "With at most 0.025 of the layer's mean activation."),
    ...share('Saturated units', saturated, 'Almost always at an end of their range.'),
    ...(activationMean === null || activationMean === undefined
      ? []
      : [
          {
            name: 'Activation',
            value: `${measure(activationMean)} ± ${measure(activationStd)}`,
            meaning: 'Mean and spread of its outputs on the validation sample.',
          },
        ]),
  ];
}

/**
 * The layer after this one where its units are looked at: a convolution's or a dense layer's are seen after their
 * activation. Null where the layer's own are measured, or where another layer with weights comes first.
 */
export function unitsAfter(
  { layers }: Architecture,
  layer: ArchitectureLayer,
  epoch: EpochOfLayers | undefined,
): ArchitectureLayer | null {
  const seen = ({ id }: ArchitectureLayer) => (epoch?.layers.get(id)?.dead ?? null) !== null;
  if (layer.parameters === 0 || seen(layer)) return null;
  for (const next of layers.slice(layers.indexOf(layer) + 1)) {
    if (seen(next)) return next;
    if (next.parameters > 0 && next.type !== 'batchNorm') return null;
  }
  return null;
}
