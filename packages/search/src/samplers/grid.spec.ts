import { describeSampler } from '../testing/sampler-contract.ts';

describeSampler({ name: 'grid' });
