/**
 * What a trainer is told about a training it may be running: that its outcome is decided and it should stop.
 * The study log holds the outcome itself; this message only saves the work of training on.
 */
import * as z from 'zod';
import { jobIdSchema, trainingTargetSchema } from './targets.ts';

export const controlMessageSchema = z.strictObject({
  jobId: jobIdSchema,
  target: trainingTargetSchema,
  action: z.enum(['cancel', 'prune']),
});
export type ControlMessage = z.infer<typeof controlMessageSchema>;
