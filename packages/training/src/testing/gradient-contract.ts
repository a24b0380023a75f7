/**
 * The gradient contract: every layer on an engine against two independent judges.
 *
 *   finite differences: (L(v + h) − L(v − h)) / 2h for single values v of inputs and weights, with L = Σ r ⊙ y for
 *                       a fixed random r, which catches a backward pass that does not belong to its forward pass;
 *   tfjs autodiff:      y and all gradients of the same layer written in tfjs operations, on tfjs's plain CPU
 *                       backend, which catches a forward pass that computes something else.
 *
 * A new engine or layer passes by being listed; see docs/add-a-layer.md.
 */
import { RandomStream } from '@onegin/contracts';
import { describe, expect, it, beforeAll, afterAll } from '@jest/globals';
import type { Engine, Tensor } from '../engine/engine.ts';
import { buildLayers } from '../network/build-layers.ts';
import { Pass } from '../network/layers/layer.ts';
import { layerCases, type LayerCase } from './layer-cases.ts';
import { onPlainCpu } from './reference.ts';

/** Float32 forward passes carry errors of about 1e-6 · |L|; with h = 1e-2 that is 1e-4 of the gradient's scale. */
const STEP = 1e-2;
const DIFFERENCE_TOLERANCE = 5e-3;
const AUTODIFF_TOLERANCE = 2e-5;
/** Values of each tensor that finite differences are taken of. */
const PROBES = 12;

interface Numbers {
  output: Float32Array;
  /** Gradient of the input (absent for token ids), then of each trainable weight. */
  gradients: (Float32Array | undefined)[];
}

/** Declares the tests for one engine. */
export function gradientContract(name: string, open: () => Promise<Engine>): void {
  describe(`gradient contract: ${name}`, () => {
    let engine: Engine;
    let heldBefore = 0;
    beforeAll(async () => {
      engine = await open();
      heldBefore = engine.held();
    });
    afterAll(() => expect(engine.held()).toBe(heldBefore));

    describe.each(layerCases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
      it('agrees with finite differences', () => checkDifferences(engine, one));
      // The mask is the engine's own, so another library has no say in it.
      if (one.planned.type === 'dropout') it('passes its mask on', () => checkMask(engine, one));
      else it('agrees with tfjs autodiff', () => checkAutodiff(engine, one));
    });

    it('gives each window of equal values its gradient once', () => checkTies(engine));
    it('repeats a dropout mask with its seeds, keeps the mean, and differs between steps', () =>
      checkDropout(engine));
  });
}

/** Input, weights and the direction r of one case: the same on every engine. */
function drawCase(one: LayerCase): {
  input: Float32Array | Int32Array;
  weights: Float32Array[];
  r: Float32Array;
} {
  const stream = new RandomStream(11);
  const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
  const normal = (count: number, scale = 1) =>
    Float32Array.from({ length: count }, () => scale * stream.normal());
  const input = one.ids
    ? Int32Array.from({ length: size(one.input) }, () => stream.integer(one.ids!))
    : normal(size(one.input));
  const weights = one.planned.weights.map(({ name, shape }) => {
    // Scales and variances are near 1 and positive, as in a real network.
    if (name === 'gamma' || name === 'moving_variance')
      return normal(size(shape), 0.1).map((value) => 1 + Math.abs(value));
    return normal(size(shape), 0.4);
  });
  return { input, weights, r: normal(size(one.output)) };
}

function run(
  engine: Engine,
  one: LayerCase,
  input: Float32Array | Int32Array,
  weights: readonly Float32Array[],
  r: Float32Array,
): Numbers {
  return engine.scope(() => {
    const { ops } = engine;
    const held = one.planned.weights.map((spec, i) => ({
      ...spec,
      variable: engine.variable(weights[i]!, spec.shape),
    }));
    const plan = [one.planned, ...(one.then ?? [])];
    const [layer, ...others] = buildLayers(plan, (planned) => (planned === one.planned ? held : []), 5);
    if (!layer || others.length > 0) throw new Error(`${one.name}: expected one layer`);
    const pass = new Pass(engine, { training: true });
    const x: Tensor =
      input instanceof Int32Array ? ops.ids(input.slice(), one.input) : ops.tensor(input.slice(), one.input);
    const y = layer.forward(x, pass);
    expect([...y.shape]).toEqual(one.output);
    const dx = layer.backward(ops.tensor(r.slice(), one.output), pass);
    const gradients = held
      .filter(({ trainable }) => trainable)
      .map(({ variable }) => ops.values(pass.gradients.get(variable)!));
    const result = { output: ops.values(y), gradients: [dx && ops.values(dx), ...gradients] };
    for (const { variable } of held) engine.release(variable);
    return result;
  });
}

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const scaleOf = (values: Float32Array): number => values.reduce((top, v) => Math.max(top, Math.abs(v)), 1e-3);

function checkDifferences(engine: Engine, one: LayerCase): void {
  const { input, weights, r } = drawCase(one);
  const { gradients } = run(engine, one, input, weights, r);
  const trainable = weights.filter((_, i) => one.planned.weights[i]!.trainable);
  const targets = [input, ...trainable];
  const stream = new RandomStream(13);
  targets.forEach((target, t) => {
    const gradient = gradients[t];
    if (target instanceof Int32Array || !gradient) return;
    const scale = scaleOf(gradient);
    for (let probe = 0; probe < PROBES; probe++) {
      const at = stream.integer(target.length);
      const original = target[at]!;
      const loss = (value: number): number => {
        target[at] = value;
        return dot(run(engine, one, input, weights, r).output, r);
      };
      // Steps that float32 holds exactly apart.
      const [up, down] = [Math.fround(original + STEP), Math.fround(original - STEP)];
      const expected = (loss(up) - loss(down)) / (up - down);
      target[at] = original;
      // Across a kink (a ReLU, another maximum) both one-sided slopes are right and their mean is not.
      if (one.kinked && crossesKink(loss, original, expected, scale)) {
        target[at] = original;
        continue;
      }
      target[at] = original;
      expect(Math.abs(gradient[at]! - expected) / scale).toBeLessThan(DIFFERENCE_TOLERANCE);
    }
  });
}

/** Whether the slopes on both sides of a value differ. */
function crossesKink(loss: (value: number) => number, at: number, central: number, scale: number): boolean {
  const right = (loss(at + STEP) - loss(at)) / STEP;
  return Math.abs(right - central) / scale > DIFFERENCE_TOLERANCE;
}

async function checkAutodiff(engine: Engine, one: LayerCase): Promise<void> {
  const { input, weights, r } = drawCase(one);
  const expected = await onPlainCpu(one, input, weights, r);
  const found = run(engine, one, input, weights, r);
  const close = (a: Float32Array, b: Float32Array) => {
    expect(a.length).toBe(b.length);
    const scale = scaleOf(b);
    const worst = a.reduce((top, value, i) => Math.max(top, Math.abs(value - b[i]!)), 0);
    expect(worst / scale).toBeLessThan(AUTODIFF_TOLERANCE);
  };
  close(found.output, expected.output);
  expect(found.gradients.length).toBe(expected.gradients.length);
  expected.gradients.forEach((gradient, i) => gradient && close(found.gradients[i]!, gradient));
}

function checkMask(engine: Engine, one: LayerCase): void {
  const { input, weights, r } = drawCase(one);
  const { output, gradients } = run(engine, one, input, weights, r);
  output.forEach((y, i) => expect(gradients[0]![i]).toBeCloseTo((y / input[i]!) * r[i]!, 5));
}

function checkTies(engine: Engine): void {
  engine.scope(() => {
    const { ops } = engine;
    const x = ops.tensor(new Float32Array(2 * 4 * 4 * 3).fill(0.5), [2, 4, 4, 3]);
    const result = ops.maxPool(x, 2);
    const dy = ops.tensor(new Float32Array(2 * 2 * 2 * 3).fill(1), [2, 2, 2, 3]);
    const dx = ops.values(ops.maxPoolGradient(x, result, dy, 2));
    expect(dx.reduce((a, b) => a + b, 0)).toBe(24);
    expect(dx.filter((value) => value !== 0)).toEqual(new Float32Array(24).fill(1));
  });
}

function checkDropout(engine: Engine): void {
  const mask = (seeds: [number, number]) =>
    engine.scope(() => engine.ops.values(engine.ops.dropoutMask([100, 100], 0.3, seeds)));
  const first = mask([1, 2]);
  expect(mask([1, 2])).toEqual(first);
  expect(mask([1, 3])).not.toEqual(first);
  expect(mask([2, 2])).not.toEqual(first);
  expect(new Set(first)).toEqual(new Set([0, Math.fround(1 / 0.7)]));
  // Standard error of the mean of 10,000 such values is 0.0065.
  expect(Math.abs(first.reduce((a, b) => a + b, 0) / first.length - 1)).toBeLessThan(0.03);
}
