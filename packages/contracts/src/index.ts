export * from './search-space.ts';
export * from './random-stream.ts';
export * from './pruner-options.ts';
