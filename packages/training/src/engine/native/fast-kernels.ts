/**
 * The oneDNN kernels that TensorFlow uses inside its graphs, called by name.
 *
 * Max pooling and its gradient are seven times faster than TensorFlow's own on a CPU, convolution with bias saves
 * one pass. Their names are internal to TensorFlow, so each is tried once at start, on data with ties, and
 * compared; what is missing or differs is not used.
 */
import type { Attributes } from './attributes.ts';
import type { OpAttribute } from './binding.ts';
import type { Executor } from './executor.ts';
import { ramp, same, works } from './probe.ts';

export interface FastKernels {
  convWithBias?: string;
  maxPool?: string;
  maxPoolGradient?: string;
  /** Goes with every one of these names. */
  attributes: OpAttribute[];
}

const CONV = '_MklNativeConv2DWithBias';
const POOL = '_MklNativeMaxPool';
const POOL_GRADIENT = '_MklNativeMaxPoolGrad';

/** What of the fast kernels works here. On a GPU none is used. */
export function probeFastKernels(x: Executor, a: Attributes): FastKernels {
  const attributes = [a.text('_kernel', 'MklNameChangeOp')];
  const none: FastKernels = { attributes };
  if (x.binding.isUsingGpuDevice()) return none;
  return x.scope(() => ({
    ...none,
    ...(works(() => samePooling(x, a, attributes)) ? { maxPool: POOL, maxPoolGradient: POOL_GRADIENT } : {}),
    ...(works(() => sameConvolution(x, a, attributes)) ? { convWithBias: CONV } : {}),
  }));
}

function samePooling(x: Executor, a: Attributes, fast: OpAttribute[]): boolean {
  const attributes = a.pooling(2);
  const withWorkspace = [...attributes, ...fast, a.flag('workspace_enabled', true)];
  // Odd sides leave a row and a column over; 5 levels make ties in most windows.
  const input = ramp(x, [2, 7, 7, 3], 5);
  const dy = ramp(x, [2, 3, 3, 3], 101);
  const expected = x.one('MaxPool', attributes, input);
  const [found, workspace] = x.many(POOL, withWorkspace, [input], 2);
  const expectedGradient = x.one('MaxPoolGrad', attributes, input, expected, dy);
  const foundGradient = x.one(POOL_GRADIENT, withWorkspace, input, found!, dy, workspace!);
  return same(x, expected, found!, 0) && same(x, expectedGradient, foundGradient, 0);
}

function sameConvolution(x: Executor, a: Attributes, fast: OpAttribute[]): boolean {
  const attributes = a.convolution('same');
  const input = ramp(x, [2, 6, 6, 3], 97);
  const kernel = ramp(x, [3, 3, 3, 4], 89);
  const bias = ramp(x, [4], 7);
  const expected = x.one('BiasAdd', a.ofImages, x.one('Conv2D', attributes, input, kernel), bias);
  return same(x, expected, x.one(CONV, [...attributes, ...fast], input, kernel, bias), 1e-5);
}
