export * from './sample-study.ts';
export * from './sample-trial.ts';
