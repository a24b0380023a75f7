export * from './trial-history.ts';
