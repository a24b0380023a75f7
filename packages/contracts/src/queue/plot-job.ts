/** One task for a plotter: the charts of one trial, or of the study at a milestone. */
import * as z from 'zod';
import { artifactRefSchema } from '../store/artifact.ts';
import { jobIdSchema, plotTargetSchema, type PlotTarget } from '../targets.ts';
import { wireObject } from '../wire-object.ts';

export const plotJobSchema = wireObject({
  jobId: jobIdSchema,
  runName: z.string(),
  target: plotTargetSchema,
  run: z.int().min(1),
  /** The trial's stored metrics; absent for charts of the study, which come from its log. */
  metrics: artifactRefSchema.optional(),
});
export type PlotJob = z.infer<typeof plotJobSchema>;

export const plotJobId = (jobId: string, target: PlotTarget, run: number): string =>
  `${jobId}_plots-${target}_run-${run}`;
