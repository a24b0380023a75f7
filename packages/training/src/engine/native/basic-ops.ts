/** Arithmetic, activations, dropout and the loss on TensorFlow's operations. */
import type { BasicOps, HiddenActivation, Tensor, TensorOps } from '../engine.ts';
import type { Attributes } from './attributes.ts';
import type { Executor } from './executor.ts';

const FORWARD: Record<HiddenActivation, string> = {
  relu: 'Relu',
  elu: 'Elu',
  selu: 'Selu',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
};

/** Gradient operations and whether they take (dy, y) or (y, dy). All of them start from the output y. */
const BACKWARD: Record<HiddenActivation, { op: string; outputFirst: boolean }> = {
  relu: { op: 'ReluGrad', outputFirst: false },
  elu: { op: 'EluGrad', outputFirst: false },
  selu: { op: 'SeluGrad', outputFirst: false },
  tanh: { op: 'TanhGrad', outputFirst: true },
  sigmoid: { op: 'SigmoidGrad', outputFirst: true },
};

export function basicOps(x: Executor, a: Attributes): BasicOps {
  const { binding: b } = x;
  const product = [false, true].map((ta) =>
    [false, true].map((tb) => [...a.ofFloats, a.flag('transpose_a', ta), a.flag('transpose_b', tb)]),
  );
  return {
    tensor: (values, shape) => x.tensor(values, shape),
    ids: (values, shape) => x.ids(values, shape),
    zeros: (shape) => x.zeros(shape),
    values: (tensor) => x.values(tensor),
    add: (p, q) => x.one('AddV2', a.ofFloats, p, q),
    multiply: (p, q) => x.one('Mul', a.ofFloats, p, q),
    scale: (p, factor) => x.one('Mul', a.ofFloats, p, x.number(factor)),
    reshape: (p, shape) => x.one('Reshape', a.reshape, p, x.shape(...shape)),
    slice(p, axis, from, size) {
      const at = x.shape(...p.shape.map((_, i) => (i === axis ? from : 0)));
      const sizes = x.shape(...p.shape.map((length, i) => (i === axis ? size : length)));
      return x.one('Slice', a.slice, p, at, sizes);
    },
    matMul: (p, q, ta = false, tb = false) => x.one('MatMul', product[Number(ta)]![Number(tb)]!, p, q),
    addBias: (p, bias) => x.one('BiasAdd', a.ofImages, p, bias),
    biasGradient: (dy) => x.one('BiasAddGrad', a.ofImages, dy),
    norm: (p) => Math.sqrt(2 * scalar(x, x.one('L2Loss', a.ofFloats, p))),
    distance: (p, q) => Math.sqrt(2 * scalar(x, x.one('L2Loss', a.ofFloats, x.one('Sub', a.ofFloats, p, q)))),
    activation: (kind, p) => x.one(FORWARD[kind], a.ofFloats, p),
    activationGradient(kind, dy, y) {
      const { op, outputFirst } = BACKWARD[kind];
      return outputFirst ? x.one(op, a.ofFloats, y, dy) : x.one(op, a.ofFloats, dy, y);
    },
    dropoutMask: dropoutMask(x, a),
    crossEntropy(logits, labels) {
      const attributes = [...a.ofFloats, a.type('Tlabels', b.TF_INT32)];
      const name = 'SparseSoftmaxCrossEntropyWithLogits';
      const [losses, gradient] = x.many(name, attributes, [logits, labels], 2);
      return { losses: losses!, gradient: gradient! };
    },
    softmax: (logits) => x.one('Softmax', a.ofFloats, logits),
  };
}

const scalar = (x: Executor, tensor: Tensor): number => x.values(tensor)[0]!;

/** Stateless random numbers: the mask depends on the seeds only, not on what ran before. */
function dropoutMask(x: Executor, a: Attributes): TensorOps['dropoutMask'] {
  const { binding: b } = x;
  const random = [a.type('dtype', b.TF_FLOAT), a.type('T', b.TF_INT32), a.type('Tseed', b.TF_INT32)];
  const cast = [a.type('SrcT', BOOL), a.type('DstT', b.TF_FLOAT), a.flag('Truncate', false)];
  return (shape, rate, [high, low]) => {
    const seed = x.ids(Int32Array.of(high, low), [2]);
    const uniform = x.one('StatelessRandomUniform', random, x.shape(...shape), seed);
    const kept = x.one('GreaterEqual', a.ofFloats, uniform, x.number(rate));
    return x.one('Mul', a.ofFloats, x.one('Cast', cast, kept), x.number(1 / (1 - rate)));
  };
}

/** DT_BOOL of TensorFlow's types.proto. */
const BOOL = 10;
