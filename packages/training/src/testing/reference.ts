/** Layers written in tfjs operations, differentiated by tfjs on its plain CPU backend. */
// The whole of tfjs: its core alone has no gradients.
import * as tf from '@tensorflow/tfjs';
import type { PlannedLayer } from '../network/plan.ts';
import type { LayerCase } from './layer-cases.ts';

interface Reference {
  output: Float32Array;
  /** Undefined where the judge has no say: dropout's mask belongs to the engine. */
  gradients: (Float32Array | undefined)[];
}

/** Output and gradients of L = Σ r ⊙ y, with the backend that was active put back afterwards. */
export async function onPlainCpu(
  one: LayerCase,
  input: Float32Array | Int32Array,
  weights: readonly Float32Array[],
  r: Float32Array,
): Promise<Reference> {
  const before = tf.engine().backendName;
  await tf.setBackend('cpu');
  try {
    return evaluate(one, input, weights, r);
  } finally {
    if (before && before !== 'cpu') await tf.setBackend(before);
  }
}

function evaluate(
  one: LayerCase,
  input: Float32Array | Int32Array,
  weights: readonly Float32Array[],
  r: Float32Array,
): Reference {
  let result: Reference | undefined;
  tf.tidy(() => {
    const specs = one.planned.weights;
    const trainable = weights.filter((_, i) => specs[i]!.trainable);
    const shapes = specs.filter((spec) => spec.trainable).map((spec) => spec.shape);
    const params = trainable.map((values, i) => tf.tensor(values, shapes[i]));
    const direction = tf.tensor(r, one.output);
    if (one.ids) {
      const ids = tf.tensor(input, one.input, 'int32');
      const forward = (...p: tf.Tensor[]) => layers(one, ids, p);
      const grads = tf.grads((...p: tf.Tensor[]) => tf.sum(tf.mul(forward(...p), direction)))(params);
      result = read(forward(...params), [undefined, ...grads]);
      return;
    }
    const x = tf.tensor(input, one.input);
    const forward = (...[first, ...p]: tf.Tensor[]) => layers(one, first!, p);
    const grads = tf.grads((...p: tf.Tensor[]) => tf.sum(tf.mul(forward(...p), direction)))([x, ...params]);
    result = read(forward(x, ...params), grads);
  });
  return result!;
}

const read = (y: tf.Tensor, grads: (tf.Tensor | undefined)[]): Reference => ({
  output: y.dataSync() as Float32Array,
  gradients: grads.map((gradient) => gradient?.dataSync() as Float32Array | undefined),
});

/** The layer with what runs as one operation with it. */
const layers = ({ planned, then = [] }: LayerCase, x: tf.Tensor, p: readonly tf.Tensor[]): tf.Tensor =>
  then.reduce((y, next) => layer(next, y, []), layer(planned, x, p));

function layer(planned: PlannedLayer, x: tf.Tensor, p: readonly tf.Tensor[]): tf.Tensor {
  switch (planned.type) {
    case 'rescaling':
      return tf.mul(x, planned.scale);
    case 'conv2d': {
      const y = tf.conv2d(x as tf.Tensor4D, p[0] as tf.Tensor4D, 1, planned.padding);
      return p[1] ? tf.add(y, p[1]) : y;
    }
    case 'batchNorm': {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      const normalized = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, planned.epsilon)));
      return tf.add(tf.mul(normalized, p[0]!), p[1]!);
    }
    case 'maxPooling':
      return tf.maxPool(x as tf.Tensor4D, planned.poolSize, planned.poolSize, 'valid');
    case 'activation':
      return tf[planned.activation](x);
    case 'globalAveragePooling':
      return tf.mean(x, [1, 2]);
    case 'flatten':
      return tf.reshape(x, [x.shape[0]!, -1]);
    case 'dense':
      return tf.add(tf.matMul(x as tf.Tensor2D, p[0] as tf.Tensor2D), p[1]!);
    case 'embedding':
      return tf.gather(p[0]!, x);
    case 'lstm':
      return recurrent(planned, x, p);
    case 'bidirectionalLstm': {
      const forward = recurrent(planned, x, p.slice(0, 3));
      const back = recurrent(planned, tf.reverse(x, 0), p.slice(3, 6));
      return tf.concat([forward, planned.returnSequences ? tf.reverse(back, 0) : back], -1);
    }
    default:
      throw new Error(`${planned.type} has no reference`);
  }
}

/** Gates i, f, c, o; x [steps, batch, features]. */
function recurrent(
  { units, returnSequences }: { units: number; returnSequences: boolean },
  x: tf.Tensor,
  [kernel, recurrentKernel, bias]: readonly tf.Tensor[],
): tf.Tensor {
  const [steps, batch, features] = x.shape as [number, number, number];
  let h: tf.Tensor = tf.zeros([batch, units]);
  let c: tf.Tensor = tf.zeros([batch, units]);
  const outputs: tf.Tensor[] = [];
  // Not tf.unstack: its gradient fails for a single step.
  for (let t = 0; t < steps; t++) {
    const step = tf.reshape(tf.slice(x, [t, 0, 0], [1, batch, features]), [batch, features]);
    const z = tf.add(
      tf.add(
        tf.matMul(step as tf.Tensor2D, kernel as tf.Tensor2D),
        tf.matMul(h as tf.Tensor2D, recurrentKernel as tf.Tensor2D),
      ),
      bias!,
    );
    const [i, f, g, o] = tf.split(z, 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
    h = tf.mul(tf.sigmoid(o), tf.tanh(c));
    outputs.push(h);
  }
  return returnSequences ? tf.stack(outputs) : h;
}
