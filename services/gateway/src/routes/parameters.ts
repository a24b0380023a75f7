/** Path and query parameters that several routes share. They arrive as text. */
import { z } from 'zod';

/** Unchecked, so that any id that does not exist gives `job-unknown`. */
export const jobParams = z.strictObject({ jobId: z.string().max(200).describe('Id of the job.') });

/** An integer in a range, as text. */
export const wholeNumber = (low: number, high = Number.MAX_SAFE_INTEGER) =>
  z
    .string()
    .regex(/^\d{1,16}$/, `expected a whole number`)
    .transform(Number)
    .pipe(z.int().min(low).max(high));

export const oneOf = <const Values extends [string, ...string[]]>(...values: Values) => z.enum(values);

export const trialParams = jobParams.extend({
  number: wholeNumber(0).describe('Number of the trial, from 0.'),
});

/** A chart's name and format. */
export const plotParams = {
  kind: z
    .string()
    .regex(/^[a-z0-9-]{1,60}$/, 'expected the name of a chart')
    .describe('Name of the chart.'),
  format: z.enum(['svg', 'png']),
};
