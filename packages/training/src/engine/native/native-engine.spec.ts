import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gradientContract } from '../../testing/gradient-contract.ts';
import { nativeBinding, ownKernels } from '../../testing/own-kernels.ts';
import { trialContract } from '../../testing/trial-contract.ts';
import { pickEngine } from '../pick-engine.ts';
import { createNativeEngine } from './native-engine.ts';

const threads = { kernels: 2, tensorflow: 2 };

gradientContract('native', async () => {
  const engine = await pickEngine({ device: 'cpu', engine: 'native' });
  expect(engine.info.detail).toMatch(/own kernels for (AVX-512|AVX2|NEON)$/);
  return engine;
});

gradientContract('native on TensorFlow’s and oneDNN’s kernels', async () =>
  createNativeEngine({ binding: nativeBinding(), threads }),
);

gradientContract('native on TensorFlow’s kernels alone', async () =>
  createNativeEngine({ binding: nativeBinding(), threads, fastKernels: false }),
);

describe('every instruction set of our own kernels', () => {
  const all = ownKernels().instructionSets;
  describe.each(all)('%s', (name) => {
    beforeAll(() => ownKernels().setInstructionSet(name));
    afterAll(() => ownKernels().setInstructionSet(all[0]!));
    gradientContract(name, async () =>
      createNativeEngine({ binding: nativeBinding(), threads, kernels: ownKernels() }),
    );
  });

  it('is named by its name', () =>
    expect(() => ownKernels().setInstructionSet('MMX')).toThrow('expected one of instructionSets'));
});

trialContract('native', () => pickEngine({ device: 'cpu', engine: 'native' }));
