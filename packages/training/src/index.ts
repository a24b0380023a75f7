export * from './training-error.ts';
export * from './network/plan.ts';
export type * from './engine/engine.ts';
export * from './engine/pick-engine.ts';
export type * from './loop/trial.ts';
export * from './loop/train-trial.ts';
export * from './job/train-job.ts';
export type { JobFile } from './job/job-files.ts';
export * from './export/index.ts';
