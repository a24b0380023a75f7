export * from './search-space.ts';
export * from './random-stream.ts';
