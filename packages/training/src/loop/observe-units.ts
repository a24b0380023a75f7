/** Runs the fixed validation sample through the network and looks at every hidden layer. */
import { streamOf } from '@onegin/contracts';
import { saturatedGates, unitStatistics } from '../health/unit-statistics.ts';
import type { UnitKind, UnitStatistics } from '../health/unit-statistics.ts';
import type { Network } from '../network/network.ts';
import type { BatchSource } from './batches.ts';

/** Samples that are looked at: enough for shares in steps of half a percent. */
const SAMPLE = 200;

export interface ObservedLayer extends UnitStatistics {
  layer: string;
  /** Outputs, rows × units; present only when asked for. */
  activations?: Float32Array;
}

/** The same samples for every epoch of a trial and, with the same seed, for every trial. */
export function fixedSample(source: BatchSource, seed: number): Int32Array {
  const order = Int32Array.from({ length: source.count }, (_, i) => i);
  return streamOf(seed, 'observe').shuffle(order).slice(0, SAMPLE).sort();
}

/** Statistics of every hidden layer: activations after a convolution or a dense layer, and LSTM outputs. */
export function observeUnits(
  network: Network,
  source: BatchSource,
  sample: Int32Array,
  keepActivations: boolean,
): ObservedLayer[] {
  const kind: UnitKind = network.plan.model.activation;
  const outputs = new Map<string, { values: Float32Array; units: number }>();
  const gates = new Map<string, { values: Float32Array; kind: 'sigmoid' | 'tanh'; units: number }[]>();
  network.predict(source.batch(sample), (layer, what, tensor) => {
    const seen = { values: network.engine.ops.values(tensor), units: tensor.shape.at(-1)! };
    if (what === 'output') outputs.set(layer, seen);
    else {
      const bounded = what.startsWith('cellOutput') ? ('tanh' as const) : ('sigmoid' as const);
      gates.set(layer, [...(gates.get(layer) ?? []), { ...seen, kind: bounded }]);
    }
  });
  return [...outputs].map(([layer, { values, units }]) => {
    const own = gates.get(layer);
    // An LSTM's output is bounded by tanh; whether it is stuck is seen at its gates.
    const statistics = unitStatistics(values, units, own ? 'tanh' : kind);
    const saturated = own ? saturatedGates(own, own[0]!.units) : statistics.saturated;
    return { layer, ...statistics, saturated, ...(keepActivations ? { activations: values } : {}) };
  });
}
