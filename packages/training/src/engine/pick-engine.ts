/**
 * Picks what trains: TensorFlow's native library where its addon loads, else WebAssembly, which always works.
 *
 * A process holds one TensorFlow, whose thread count is fixed when it loads: one thread for LSTMs (measured with 32 to
 * 256 units: two gain nothing or lose a third in TensorFlow's operations), all cores for convolutions. This project's
 * own kernels have threads of their own, and gain from them in both.
 */
import { availableParallelism } from 'node:os';
import { messageOf, OneginError, type ModelKind } from '@onegin/contracts';
import type { Engine } from './engine.ts';
import { findBinding, loadBinding, type NativePackage, type TensorFlowBinding } from './native/binding.ts';
import { loadKernels } from './native/kernels.ts';
import { createNativeEngine, type NativeThreads } from './native/native-engine.ts';

export interface EngineWish {
  /** 'auto' takes a GPU where there is one; 'gpu' without one is an error. */
  device: 'auto' | 'cpu' | 'gpu';
  modelKind?: ModelKind;
  /** Forces one engine; for tests and comparisons. */
  engine?: 'native' | 'wasm';
  /** Threads of the native engine at most, by default all cores. */
  threads?: number;
  /** What CUDA is to see in this process, as CUDA_VISIBLE_DEVICES says it. */
  visibleDevices?: string;
}

interface Loaded {
  binding: TensorFlowBinding;
  threads: NativeThreads;
}
let loaded: Loaded | undefined;

/**
 * @throws OneginError `engine-unavailable` when a GPU or an engine that was asked for is not there
 */
export async function pickEngine(wish: EngineWish): Promise<Engine> {
  if (wish.engine !== 'wasm') {
    const native = loadNative(wish);
    if ('binding' in native) {
      const engine = createNativeEngine({ ...native, kernels: loadKernels(native.binding) });
      if (wish.device === 'gpu' && engine.info.device !== 'gpu')
        throw new OneginError('engine-unavailable', 'A GPU was asked for, but TensorFlow finds none here.');
      return engine;
    }
    if (wish.engine === 'native' || wish.device === 'gpu')
      throw new OneginError('engine-unavailable', `The native engine is not available: ${native.missing}.`);
    return wasmEngine(`because ${native.missing}`);
  }
  if (wish.device === 'gpu')
    throw new OneginError('engine-unavailable', 'A GPU was asked for, but the WebAssembly engine has none.');
  return wasmEngine('as asked');
}

async function wasmEngine(why: string): Promise<Engine> {
  // Loaded only when needed: it takes a second.
  const { createWasmEngine } = await import('./wasm/wasm-engine.ts');
  return createWasmEngine(why);
}

function loadNative({
  device,
  modelKind,
  threads: most = availableParallelism(),
  visibleDevices,
}: EngineWish): Loaded | { missing: string } {
  if (loaded) return loaded;
  const packages: NativePackage[] =
    device === 'cpu' ? ['@tensorflow/tfjs-node'] : ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];
  const tensorflow = modelKind === 'lstm' ? 1 : most;
  const missing: string[] = [];
  for (const name of packages) {
    const found = findBinding(name);
    if ('missing' in found) {
      missing.push(found.missing);
      continue;
    }
    try {
      // TensorFlow reads these when it loads; an operator's own choice stays.
      process.env['TF_NUM_INTRAOP_THREADS'] ??= String(tensorflow);
      if (visibleDevices !== undefined) process.env['CUDA_VISIBLE_DEVICES'] = visibleDevices;
      // Without it the thread that calls an operation sleeps while two others work: two wake-ups more per operation,
      // a tenth of a convolutional network's step.
      process.env['TF_ONEDNN_THREADPOOL_USE_CALLER_THREAD'] ??= '1';
      process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '3';
      const binding = loadBinding(found.path);
      const threads = { kernels: most, tensorflow: Number(process.env['TF_NUM_INTRAOP_THREADS']) };
      loaded = { binding, threads };
      return loaded;
    } catch (error) {
      missing.push(`${name} does not load (${messageOf(error).split('\n')[0]})`);
    }
  }
  return { missing: missing.at(-1) ?? 'nothing to load' };
}
