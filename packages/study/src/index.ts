export * from './decide.ts';
export * from './ask-trials.ts';
export * from './judge-trials.ts';
export * from './run-in-process.ts';
export * from './trial-job-of.ts';
export * from './search-end.ts';
export * from './decision.ts';
export * from './wanted-trainings.ts';
export type { HistoryView } from './history-view.ts';
