/** What travels on which queue. Producers and consumers both derive their types from here. */
import type { Resource } from './targets.ts';
import { advanceJobSchema } from './advance-job.ts';
import { plotJobSchema } from './plot-job.ts';
import { trialJobSchema } from './trial-job.ts';

/** Prefix of every queue key; the braces keep a queue's keys on one node of a Redis Cluster. */
export const QUEUE_PREFIX = '{onegin}';

export const queues = {
  studies: { payload: advanceJobSchema },
  'trials-cpu': { payload: trialJobSchema },
  'trials-gpu': { payload: trialJobSchema },
  plots: { payload: plotJobSchema },
} as const;

export type QueueName = keyof typeof queues;

export const trialQueue = (resource: Resource): 'trials-cpu' | 'trials-gpu' => `trials-${resource}`;
