/** One log line about a job, from whichever service wrote it. */
import * as z from 'zod';
import { trainingName, trainingTargetSchema } from '../targets.ts';
import { wireObject } from '../wire-object.ts';

/** From the least to the most that people should see. */
export const lineLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LineLevel = (typeof lineLevels)[number];

/** Ids grow; `after` one of them means everything newer. */
export const lineIdSchema = z.string().regex(/^\d{1,15}-\d{1,15}$/, 'expected the id of a line');

export const jobLineSchema = wireObject({
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

/** For people: `14:03:22.120 trainer      trial 3  the attempt has ended end=completed` */
export function jobLineText({ at, level, service, message, trial, trainer, fields }: JobLine): string {
  const time = new Date(at).toISOString().slice(11, 23);
  const about = trial === null ? '' : trainingName(trial);
  const said = level === 'info' ? message : `${level}: ${message}`;
  const rest = Object.entries({ ...(trainer !== null && { trainer }), ...fields })
    .filter(([name]) => name !== 'traceId')
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [time, service.padEnd(12), about, said, ...rest].filter((part) => part !== '').join(' ');
}
