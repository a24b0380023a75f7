import { describeSampler } from '../testing/sampler-contract.ts';

// A small population, so that generations turn over within the contract's histories.
describeSampler({ name: 'nsga2', population: 8 });
