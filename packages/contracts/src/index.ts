export * from './advance-job.ts';
export * from './architecture.ts';
<<<<<<< HEAD
=======
export * from './error-codes.ts';
export * from './validation.ts';
export * from './targets.ts';
>>>>>>> house
export * from './artifact.ts';
export * from './check-transition.ts';
export * from './dataset-info.ts';
export * from './error-codes.ts';
export * from './health.ts';
export * from './job-view.ts';
export * from './live-message.ts';
export * from './model-config.ts';
export * from './objective.ts';
export * from './optimization-request.ts';
export * from './pareto-front.ts';
export * from './plot-job.ts';
export * from './pruner-options.ts';
export * from './queues.ts';
export * from './random-stream.ts';
export * from './redis-keys.ts';
export * from './reduce-study.ts';
export * from './sampler-name.ts';
export * from './search-space.ts';
export * from './standard-space.ts';
export * from './study-config.ts';
export * from './study-event.ts';
export * from './study-state.ts';
export * from './targets.ts';
export * from './trainer-heartbeat.ts';
<<<<<<< HEAD
export * from './training-data.ts';
export * from './training-events.ts';
export * from './transitions.ts';
export * from './trial-job.ts';
export * from './trial-metrics.ts';
export * from './validation.ts';
=======
export * from './redis-keys.ts';
export * from './live-message.ts';
export * from './check-transition.ts';
export * from './dataset-info.ts';
>>>>>>> house
