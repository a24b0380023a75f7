/** One log line about a job, from whichever service wrote it. */
import * as z from 'zod';
import { trainingTargetSchema } from './targets.ts';

/** From the least to the most that people should see. */
export const lineLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LineLevel = (typeof lineLevels)[number];

/** Ids grow; `after` one of them means everything newer. */
export const lineIdSchema = z.string().regex(/^\d{1,15}-\d{1,15}$/, 'expected the id of a line');

export const jobLineSchema = z.strictObject({
  id: lineIdSchema,
  at: z.number().describe('Milliseconds since 1970.'),
  level: z.string(),
  service: z.string(),
  message: z.string(),
  trial: trainingTargetSchema.nullable().describe('Number of the trial, or `final`; null: not about one.'),
  trainer: z.string().nullable(),
  requestId: z.string().nullable(),
  fields: z.record(z.string(), z.unknown()).describe('What else the line says.'),
});
export type JobLine = z.infer<typeof jobLineSchema>;
