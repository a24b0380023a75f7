/** Attributes of TensorFlow operations, made once: TensorFlow keeps a kernel for every set that it meets. */
import type { OpAttribute, TensorFlowBinding } from './binding.ts';

export type Attributes = ReturnType<typeof makeAttributes>;

export function makeAttributes(b: TensorFlowBinding) {
  const type = (name: string, value: number): OpAttribute => ({ name, type: b.TF_ATTR_TYPE, value });
  const text = (name: string, value: string): OpAttribute => ({ name, type: b.TF_ATTR_STRING, value });
  const flag = (name: string, value: boolean): OpAttribute => ({ name, type: b.TF_ATTR_BOOL, value });
  const integer = (name: string, value: number): OpAttribute => ({ name, type: b.TF_ATTR_INT, value });
  const integers = (name: string, value: readonly number[]): OpAttribute => ({
    name,
    type: b.TF_ATTR_INT,
    value,
  });
  const float = (name: string, value: number): OpAttribute => ({ name, type: b.TF_ATTR_FLOAT, value });
  const shape = (name: string, value: readonly number[]): OpAttribute => ({
    name,
    type: b.TF_ATTR_SHAPE,
    value,
  });
  return { type, text, flag, integer, integers, float, shape, ...shared(b, type, text) };
}

/** Sets that several operations use as they are. */
function shared(
  b: TensorFlowBinding,
  type: (name: string, value: number) => OpAttribute,
  text: (name: string, value: string) => OpAttribute,
) {
  const float = type('T', b.TF_FLOAT);
  return {
    /** T = float. */
    ofFloats: [float],
    /** T = float, NHWC. */
    ofImages: [float, text('data_format', 'NHWC')],
    /** dtype = float, of variables. */
    variable: [type('dtype', b.TF_FLOAT)],
    reshape: [float, type('Tshape', b.TF_INT32)],
    reduce: [float, type('Tidx', b.TF_INT32), { name: 'keep_dims', type: b.TF_ATTR_BOOL, value: false }],
  };
}
