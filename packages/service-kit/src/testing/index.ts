export * from './redis-server.ts';
export * from './study-events.ts';
export * from './until.ts';
