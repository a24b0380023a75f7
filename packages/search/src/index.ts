export * from './trial-history.ts';
export * from './search-error.ts';
export * from './pruners/index.ts';
