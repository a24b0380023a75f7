export { LEAST_TRIALS } from './evidence.ts';
export type { Unavailable } from './evidence.ts';
export { importances } from './importances.ts';
export type { ImportanceMethod, ImportanceRequest, Importances } from './importances.ts';
export { createMarginals } from './marginals.ts';
export type { Marginal, MarginalRequest, Marginals, PairMarginal } from './marginals.ts';
export { findings } from './findings.ts';
export type { Finding, Findings, Region } from './findings.ts';
