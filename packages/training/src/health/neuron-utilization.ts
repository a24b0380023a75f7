/**
 * Neuron utilization: the share of hidden units that do something.
 *
 *   layer = max(0, 1 − inactive − ½ saturated),  metric = Σ units · layer / Σ units
 *
 * inactive: dead (a ReLU that is never above 0; any unit that never moves) or dormant (mean |a| ≤ 0.025 of the
 * layer's; Sokar et al. 2023). saturated: at an end of a bounded range in over 95% of cases. A saturated unit still
 * passes something on, a dead one nothing, hence ½.
 */
import type { HealthValue } from '@onegin/contracts';
import type { UnitStatistics } from './unit-statistics.ts';
import { known, unknown } from './value.ts';

export function neuronUtilization(
  layers: readonly Pick<UnitStatistics, 'units' | 'inactive' | 'saturated'>[],
): HealthValue {
  const units = layers.reduce((sum, layer) => sum + layer.units, 0);
  if (units === 0) return unknown('the network has no hidden units');
  const used = layers.reduce(
    (sum, layer) => sum + layer.units * Math.max(0, 1 - layer.inactive - (layer.saturated ?? 0) / 2),
    0,
  );
  return known(used / units);
}
