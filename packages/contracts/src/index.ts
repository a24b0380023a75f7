export * from './search-space.ts';
export * from './random-stream.ts';
export * from './model-config.ts';
export * from './standard-space.ts';
export * from './training-data.ts';
export * from './health.ts';
export * from './trial-metrics.ts';
export * from './architecture.ts';
