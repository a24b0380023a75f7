export * from './learning-curves.ts';
export * from './simulated-plotter.ts';
export * from './simulated-trainer.ts';
export * from './simulated-trainers.ts';
