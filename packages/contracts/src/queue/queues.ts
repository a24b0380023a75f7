/** What travels on which queue. Producers and consumers both derive their types from here. */
import type { Resource } from '../targets.ts';
import { advanceJobSchema } from './advance-job.ts';
import { plotJobSchema } from './plot-job.ts';
import { trialJobSchema } from './trial-job.ts';

export const queues = {
  studies: { payload: advanceJobSchema },
  'trials-cpu': { payload: trialJobSchema },
  'trials-gpu': { payload: trialJobSchema },
  plots: { payload: plotJobSchema },
} as const;

export type QueueName = keyof typeof queues;

export const trialQueue = (resource: Resource): 'trials-cpu' | 'trials-gpu' => `trials-${resource}`;
