/** Optimizers on plain arrays; the rules are those of native/optimizer.ts. */
import type { Optimizer, OptimizerConfig } from '../engine.ts';
import { ADAM, decays, RMSPROP } from '../optimizer-constants.ts';
import { view } from './backend.ts';

/** A variable of this engine lives in JavaScript; a tensor is made of it for every pass. */
export interface WasmVariable {
  shape: readonly number[];
  values: Float32Array;
}

type Update = (weights: Float32Array, gradient: Float32Array, slots: Float32Array[], decay: boolean) => void;
interface Rule {
  slots: number;
  prepare(learningRate: number, step: number): Update;
}

export function wasmOptimizer(config: OptimizerConfig, variables: readonly WasmVariable[]): Optimizer {
  const rule = rules(config);
  const slots = variables.map(({ values }) =>
    Array.from({ length: rule.slots }, () => new Float32Array(values.length)),
  );
  let step = 0;
  return {
    apply(gradients, learningRate) {
      step++;
      const update = rule.prepare(learningRate, step);
      variables.forEach(({ values, shape }, i) =>
        update(values, view(gradients[i]!), slots[i]!, decays(shape)),
      );
    },
    state: () => ({ step, slots: slots.flat().map((slot) => slot.slice()) }),
    restore(saved) {
      step = saved.step;
      slots.flat().forEach((slot, i) => slot.set(saved.slots[i]!));
    },
    dispose: () => undefined,
  };
}

function rules(config: OptimizerConfig): Rule {
  switch (config.kind) {
    case 'sgd':
      return sgd(config.momentum);
    case 'rmsprop':
      return rmsprop;
    case 'adam':
      return adam(0);
    case 'adamw':
      return adam(config.weightDecay);
  }
}

const sgd = (momentum: number): Rule => ({
  slots: momentum > 0 ? 1 : 0,
  prepare: (rate) => (w, g, slots) => {
    const velocity = slots[0];
    for (let i = 0; i < w.length; i++) {
      if (!velocity) w[i]! -= rate * g[i]!;
      else w[i]! += velocity[i] = momentum * velocity[i]! - rate * g[i]!;
    }
  },
});

const rmsprop: Rule = {
  // The second is TensorFlow's momentum, unused: checkpoints go from engine to engine.
  slots: 2,
  prepare: (rate) => (w, g, slots) => {
    const square = slots[0]!;
    const { rho, epsilon } = RMSPROP;
    for (let i = 0; i < w.length; i++) {
      square[i] = rho * square[i]! + (1 - rho) * g[i]! * g[i]!;
      w[i]! -= (rate * g[i]!) / Math.sqrt(square[i]! + epsilon);
    }
  },
};

const adam = (weightDecay: number): Rule => ({
  slots: 2,
  prepare(rate, step) {
    const { beta1, beta2, epsilon } = ADAM;
    const corrected = (rate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
    return (w, g, slots, decay) => {
      const [first, second] = slots as [Float32Array, Float32Array];
      const kept = decay ? 1 - rate * weightDecay : 1;
      for (let i = 0; i < w.length; i++) {
        first[i] = beta1 * first[i]! + (1 - beta1) * g[i]!;
        second[i] = beta2 * second[i]! + (1 - beta2) * g[i]! * g[i]!;
        w[i] = kept * w[i]! - (corrected * first[i]!) / (Math.sqrt(second[i]!) + epsilon);
      }
    };
  },
});
