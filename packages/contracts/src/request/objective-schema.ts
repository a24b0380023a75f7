/** The objective as it is written down: a mode and the weights of health. What it counts is in `objective.ts`. */
import * as z from 'zod';
import { healthWeightsSchema } from '../health-report.ts';
import { wireObject } from '../wire-object.ts';

export const modeSchema = z.enum(['simple', 'health', 'pareto']);
export type Mode = z.infer<typeof modeSchema>;

export const objectiveSchema = wireObject({
  mode: modeSchema,
  weights: healthWeightsSchema,
});
export type Objective = z.infer<typeof objectiveSchema>;
