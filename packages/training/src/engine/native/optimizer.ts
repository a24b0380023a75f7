/**
 * Optimizers on TensorFlow's ResourceApply* operations: one operation per variable and step, as Keras 3 counts.
 *
 * Symbols: w weight, g gradient, lr learning rate, t step from 1.
 *   sgd      v ← momentum · v − lr · g;  w ← w + v
 *   rmsprop  s ← ρ s + (1 − ρ) g²;  w ← w − lr · g / √(s + ε)
 *   adam     m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;
 *            w ← w − lr · √(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε)
 *   adamw    first w ← w − lr · weightDecay · w (kernels only), then adam (Loshchilov & Hutter 2019)
 */
import { sizeOf } from '../../network/planned-layer.ts';
import type { Optimizer, OptimizerConfig, Tensor } from '../engine.ts';
import { ADAM, RMSPROP, decays } from '../optimizer-constants.ts';
import type { Attributes } from './attributes.ts';
import type { Executor } from './executor.ts';
import type { NativeVariable, VariableStore } from './variables.ts';

export function nativeOptimizer(
  x: Executor,
  a: Attributes,
  store: VariableStore,
  config: OptimizerConfig,
  variables: readonly NativeVariable[],
): Optimizer {
  const rule = rules(x, a, store, config);
  const slots = variables.map(({ shape }) =>
    Array.from({ length: rule.slots }, () => store.create(new Float32Array(sizeOf(shape)), shape)),
  );
  let step = 0;
  return {
    apply(gradients, learningRate) {
      step++;
      x.scope(() => {
        const update = rule.prepare(learningRate, step);
        variables.forEach((variable, i) => update(variable, slots[i]!, gradients[i]!));
      });
    },
    state: () => ({ step, slots: slots.flat().map((slot) => x.scope(() => x.values(store.read(slot)))) }),
    restore(saved) {
      step = saved.step;
      slots.flat().forEach((slot, i) => store.assign(slot, saved.slots[i]!));
    },
    dispose: () => slots.flat().forEach((slot) => store.release(slot)),
  };
}

type Update = (variable: NativeVariable, slots: readonly NativeVariable[], gradient: Tensor) => void;
interface Rule {
  slots: number;
  /** Makes what all variables share in this step. */
  prepare(learningRate: number, step: number): Update;
}

function rules(x: Executor, a: Attributes, store: VariableStore, config: OptimizerConfig): Rule {
  switch (config.kind) {
    case 'sgd':
      return sgd(x, a, config.momentum);
    case 'rmsprop':
      return rmsprop(x, a);
    case 'adam':
      return adam(x, a, store, 0);
    case 'adamw':
      return adam(x, a, store, config.weightDecay);
  }
}

const scalar = (x: Executor, value: number): Tensor => x.tensor(Float32Array.of(value), []);

function sgd(x: Executor, a: Attributes, momentum: number): Rule {
  const plain = [...a.ofFloats, a.flag('use_locking', false)];
  const nesterov = [...plain, a.flag('use_nesterov', false)];
  return {
    slots: momentum > 0 ? 1 : 0,
    prepare(learningRate) {
      const rate = scalar(x, learningRate);
      return ({ handle }, [velocity], gradient) => {
        if (!velocity) return x.run('ResourceApplyGradientDescent', plain, handle, rate, gradient);
        const inputs = [velocity.handle, rate, gradient, x.number(momentum)];
        x.run('ResourceApplyKerasMomentum', nesterov, handle, ...inputs);
      };
    },
  };
}

function rmsprop(x: Executor, a: Attributes): Rule {
  const attributes = [...a.ofFloats, a.flag('use_locking', false)];
  return {
    slots: 2,
    prepare(learningRate) {
      const { rho, epsilon } = RMSPROP;
      const settings = [scalar(x, learningRate), x.number(rho), x.number(0), x.number(epsilon)];
      return ({ handle }, slots, gradient) => {
        const state = slots.map((slot) => slot.handle);
        x.run('ResourceApplyRMSProp', attributes, handle, ...state, ...settings, gradient);
      };
    },
  };
}

function adam(x: Executor, a: Attributes, store: VariableStore, weightDecay: number): Rule {
  const attributes = [...a.ofFloats, a.flag('use_locking', false), a.flag('use_nesterov', false)];
  const { beta1, beta2, epsilon } = ADAM;
  return {
    slots: 2,
    prepare(learningRate, step) {
      const settings = [
        scalar(x, beta1 ** step),
        scalar(x, beta2 ** step),
        scalar(x, learningRate),
        x.number(beta1),
        x.number(beta2),
        x.number(epsilon),
      ];
      const decay = weightDecay > 0 ? scalar(x, learningRate * weightDecay) : undefined;
      return (variable, [first, second], gradient) => {
        if (decay && decays(variable.shape)) {
          // Freed before the update: a read that is still held would make TensorFlow copy the whole variable.
          x.scope(() => {
            const loss = x.one('Mul', a.ofFloats, store.read(variable), decay);
            x.run('AssignSubVariableOp', a.variable, variable.handle, loss);
          });
        }
        const { handle } = variable;
        x.run('ResourceApplyAdam', attributes, handle, first!.handle, second!.handle, ...settings, gradient);
      };
    },
  };
}
