/**
 * What a trainer is told about a training it may be running, or a plotter about a job's charts: that the outcome is
 * decided and it should stop. The study log holds the outcome itself; this message only saves the work of going on.
 */
import * as z from 'zod';
import { jobIdSchema, trainingTargetSchema } from '../targets.ts';
import { wireObject } from '../wire-object.ts';

/** A training, or all charts of the job. */
export const controlTargetSchema = z.union([trainingTargetSchema, z.literal('plots')]);
export type ControlTarget = z.infer<typeof controlTargetSchema>;

export const controlMessageSchema = wireObject({
  jobId: jobIdSchema,
  target: controlTargetSchema,
  action: z.enum(['cancel', 'prune']),
});
export type ControlMessage = z.infer<typeof controlMessageSchema>;
