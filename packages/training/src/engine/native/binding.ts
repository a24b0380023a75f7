/**
 * The native addon of tfjs-node: TensorFlow's eager executor, without the JavaScript around it.
 *
 * Loading it directly skips tfjs-node's own start-up (which fails on Node ≥ 23) and its per-operation cost.
 */
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** An attribute of a TensorFlow operation, as the addon reads it. */
export interface OpAttribute {
  name: string;
  type: number;
  value: boolean | number | string | readonly number[];
}

export interface TensorMetadata {
  id: number;
  shape: number[];
  dtype: number;
}

/** The parts of the addon that the engine uses. */
export interface TensorFlowBinding {
  /** Shares the array's memory: never write to it afterwards. */
  createTensor(shape: readonly number[], dtype: number, values: Float32Array | Int32Array): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array;
  executeOp(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): TensorMetadata[];
  getNumOfTensors(): number;
  isUsingGpuDevice(): boolean;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_INT64: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
  readonly TF_Version: string;
}

export type NativePackage = '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu';

const require = createRequire(import.meta.url);

/** Path of the package's built addon, or why there is none. */
export function findBinding(name: NativePackage): { path: string } | { missing: string } {
  let root: string;
  try {
    root = dirname(require.resolve(`${name}/package.json`));
  } catch {
    return { missing: `the package ${name} is not installed` };
  }
  const lib = join(root, 'lib');
  const built = existsSync(lib) ? readdirSync(lib).filter((folder) => /^napi-v\d+$/.test(folder)) : [];
  const newestFirst = built.sort((a, b) => Number(b.slice(6)) - Number(a.slice(6)));
  for (const folder of newestFirst) {
    const path = join(lib, folder, 'tfjs_binding.node');
    if (existsSync(path)) return { path };
  }
  return { missing: `the native part of ${name} is not built` };
}

/** Loads the addon. A process can hold one TensorFlow only, and its thread count is fixed by the first load. */
export const loadBinding = (path: string): TensorFlowBinding => require(path) as TensorFlowBinding;
