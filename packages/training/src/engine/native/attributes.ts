/** Attributes of TensorFlow operations, made once: TensorFlow keeps a kernel for every set that it meets. */
import type { Padding } from '../engine.ts';
import type { OpAttribute, TensorFlowBinding } from './binding.ts';

export type Attributes = ReturnType<typeof makeAttributes>;

export function makeAttributes(b: TensorFlowBinding) {
  const maker =
    <Value extends OpAttribute['value']>(type: number) =>
    (name: string, value: Value): OpAttribute => ({ name, type, value });
  const type = maker<number>(b.TF_ATTR_TYPE);
  const text = maker<string>(b.TF_ATTR_STRING);
  const flag = maker<boolean>(b.TF_ATTR_BOOL);
  const integer = maker<number>(b.TF_ATTR_INT);
  const integers = maker<readonly number[]>(b.TF_ATTR_INT);
  const float = maker<number>(b.TF_ATTR_FLOAT);
  const shape = maker<readonly number[]>(b.TF_ATTR_SHAPE);
  const ofFloats = [type('T', b.TF_FLOAT)];
  const ofImages = [...ofFloats, text('data_format', 'NHWC')];
  return {
    ...{ type, text, flag, integer, integers, float, shape },
    /** T = float. */
    ofFloats,
    /** T = float, NHWC. */
    ofImages,
    /** dtype = float, of variables. */
    variable: [type('dtype', b.TF_FLOAT)],
    reshape: [...ofFloats, type('Tshape', b.TF_INT32)],
    reduce: [...ofFloats, type('Tidx', b.TF_INT32), flag('keep_dims', false)],
    /** Windows of side and stride `size` that do not overlap. */
    pooling: (size: number) => [
      ...ofImages,
      integers('ksize', [1, size, size, 1]),
      integers('strides', [1, size, size, 1]),
      text('padding', 'VALID'),
    ],
    /** Of stride 1. */
    convolution: (padding: Padding) => [
      ...ofImages,
      integers('strides', [1, 1, 1, 1]),
      text('padding', padding.toUpperCase()),
      integers('dilations', [1, 1, 1, 1]),
    ],
    slice: [...ofFloats, type('Index', b.TF_INT32)],
    /** Of two tensors. */
    concat: [...ofFloats, type('Tidx', b.TF_INT32), integer('N', 2)],
  };
}
