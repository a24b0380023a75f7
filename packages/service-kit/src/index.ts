export * from './service-error.ts';
export * from './study-log.ts';
