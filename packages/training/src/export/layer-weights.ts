import type { NamedWeight, NamedWeights } from '../loop/trial.ts';
import { sizeOf, type NetworkPlan } from '../network/plan.ts';

/**
 * The weights of each layer by its id, in the plan's order.
 * @throws Error when a weight is missing, has another shape, or belongs to no layer: such a file would load and be wrong
 */
export function weightsByLayer(plan: NetworkPlan, weights: NamedWeights): Map<string, NamedWeight[]> {
  const expected = plan.layers.flatMap((layer) =>
    layer.weights.map((spec) => ({ layer: layer.id, ...spec })),
  );
  const describe = (weight: { layer: string; name: string; shape: readonly number[] } | undefined): string =>
    weight ? `${weight.layer}/${weight.name} [${weight.shape.join(', ')}]` : 'nothing';
  for (let i = 0; i < Math.max(expected.length, weights.length); i++) {
    const [wanted, found] = [expected[i], weights[i]];
    if (describe(wanted) !== describe(found)) {
      throw new Error(
        `weight ${i} cannot be exported: expected ${describe(wanted)}, found ${describe(found)}`,
      );
    }
    if (found && found.values.length !== sizeOf(found.shape)) {
      throw new Error(
        `${describe(found)} cannot be exported: expected ${sizeOf(found.shape)} values, found ${found.values.length}`,
      );
    }
  }
  return new Map(
    plan.layers.map((layer) => [layer.id, weights.filter((weight) => weight.layer === layer.id)]),
  );
}
