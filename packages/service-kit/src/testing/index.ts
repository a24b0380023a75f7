export * from './redis-server.ts';
export * from './study-events.ts';
