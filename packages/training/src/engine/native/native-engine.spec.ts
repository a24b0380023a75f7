import { gradientContract } from '../../testing/gradient-contract.ts';
import { trialContract } from '../../testing/trial-contract.ts';
import { pickEngine } from '../pick-engine.ts';
import { findBinding, loadBinding } from './binding.ts';
import { createNativeEngine } from './native-engine.ts';

gradientContract('native', () => pickEngine({ device: 'cpu', engine: 'native' }));

gradientContract('native without the oneDNN kernels', async () => {
  const found = findBinding('@tensorflow/tfjs-node');
  if ('missing' in found) throw new Error(found.missing);
  return createNativeEngine({ binding: loadBinding(found.path), threads: 2, fastKernels: false });
});

trialContract('native', () => pickEngine({ device: 'cpu', engine: 'native' }));
