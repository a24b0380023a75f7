/** What a trainer says of itself every few seconds; the entry expires when it falls silent. */
import * as z from 'zod';
import { jobIdSchema, resourceSchema, trainingTargetSchema } from '../targets.ts';
import { wireObject } from '../wire-object.ts';

export const trainerHeartbeatSchema = wireObject({
  id: z.string().min(1),
  host: z.string(),
  pid: z.int(),
  resource: resourceSchema,
  engine: z.string(),
  device: z.string(),
  /** How many trainings it runs at once. */
  slots: z.int().min(1),
  /** `withdrawn`: it failed too often on different trials and takes none for a while. */
  status: z.enum(['ready', 'draining', 'withdrawn']),
  current: z.array(
    wireObject({
      jobId: jobIdSchema,
      target: trainingTargetSchema,
      epoch: z.int().min(0),
      epochs: z.int().min(1),
    }),
  ),
  /** What its work stands still for; absent while it goes on. */
  waitingFor: z.enum(['storage']).optional(),
  /** Started by the orchestrator on its own machine because no other trainer was there. */
  fallback: z.boolean().optional(),
  stepsPerSecond: z.number().min(0).nullable(),
  samplesPerSecond: z.number().min(0).nullable(),
  /** Batches a second over its last trainings, also while it is idle; null before the first. */
  speed: z.number().min(0).nullable().optional(),
  completed: z.int().min(0),
  failedInARow: z.int().min(0),
  failed: z.int().min(0),
  startedAt: z.number(),
  at: z.number(),
  /** A stand-in that computes a formula instead of training; tests and benchmarks only. */
  simulated: z.boolean(),
});
export type TrainerHeartbeat = z.infer<typeof trainerHeartbeatSchema>;

/** Progress inside an epoch: the latest value, published at most four times a second, may be lost. */
export const batchProgressSchema = wireObject({
  jobId: jobIdSchema,
  target: trainingTargetSchema,
  epoch: z.int().min(1),
  epochs: z.int().min(1),
  batch: z.int().min(0),
  batches: z.int().min(1),
  loss: z.number().nullable(),
});
export type BatchProgress = z.infer<typeof batchProgressSchema>;
