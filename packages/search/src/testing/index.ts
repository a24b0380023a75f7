export * from './objectives.ts';
export * from './simulate-study.ts';
