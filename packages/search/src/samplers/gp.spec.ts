import { describeSampler } from '../testing/sampler-contract.ts';

// Fitting a process is the dearest thing here; past its random start a dozen trials show what there is.
describeSampler({ name: 'gp' }, 24);
