export * from './search-space.ts';
