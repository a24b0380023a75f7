import { gradientContract } from '../../testing/gradient-contract.ts';
import { trialContract } from '../../testing/trial-contract.ts';
import { pickEngine } from '../pick-engine.ts';

gradientContract('wasm', () => pickEngine({ device: 'cpu', engine: 'wasm' }));
trialContract('wasm', () => pickEngine({ device: 'cpu', engine: 'wasm' }));
