import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gradientContract } from '../../testing/gradient-contract.ts';
import { trialContract } from '../../testing/trial-contract.ts';
import { pickEngine } from '../pick-engine.ts';
import { findBinding, loadBinding } from './binding.ts';
import { loadKernels, type Kernels } from './kernels.ts';
import { createNativeEngine } from './native-engine.ts';

const binding = () => {
  const found = findBinding('@tensorflow/tfjs-node');
  if ('missing' in found) throw new Error(found.missing);
  return loadBinding(found.path);
};

/** The set-up builds the kernels wherever it can, and so they have to be here. */
function ownKernels(): Kernels {
  const kernels = loadKernels(binding());
  if (!kernels || 'missing' in kernels)
    throw new Error(`own kernels: ${kernels?.missing ?? 'this is a GPU'}`);
  return kernels;
}

gradientContract('native', async () => {
  const engine = await pickEngine({ device: 'cpu', engine: 'native' });
  expect(engine.info.detail).toMatch(/own kernels for (AVX-512|AVX2|NEON)$/);
  return engine;
});

gradientContract('native on TensorFlow’s and oneDNN’s kernels', async () =>
  createNativeEngine({ binding: binding(), threads: 2 }),
);

gradientContract('native on TensorFlow’s kernels alone', async () =>
  createNativeEngine({ binding: binding(), threads: 2, fastKernels: false }),
);

describe('every instruction set of the own kernels', () => {
  const all = ownKernels().instructionSets;
  describe.each(all)('%s', (name) => {
    beforeAll(() => ownKernels().setInstructionSet(name));
    afterAll(() => ownKernels().setInstructionSet(all[0]!));
    gradientContract(name, async () =>
      createNativeEngine({ binding: binding(), threads: 2, kernels: ownKernels() }),
    );
  });

  it('is named by its name', () =>
    expect(() => ownKernels().setInstructionSet('MMX')).toThrow('expected one of instructionSets'));
});

trialContract('native', () => pickEngine({ device: 'cpu', engine: 'native' }));
