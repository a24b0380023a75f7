/** What work is for: which job, which training, which charts, on which kind of trainer. */
import * as z from 'zod';

export const jobIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{5,63}$/, 'expected a job id');

/** A trial's training, or the one of the final model. */
export const trainingTargetSchema = z.union([z.int().min(0), z.literal('final')]);
export type TrainingTarget = z.infer<typeof trainingTargetSchema>;

/** What people are told of a training. */
export const trainingName = (target: TrainingTarget): string =>
  target === 'final' ? 'final model' : `trial ${target}`;

/** Charts of a trial, or of the whole study. */
export const plotTargetSchema = z.union([z.int().min(0), z.literal('study')]);
export type PlotTarget = z.infer<typeof plotTargetSchema>;

export const resourceSchema = z.enum(['cpu', 'gpu']);
export type Resource = z.infer<typeof resourceSchema>;
