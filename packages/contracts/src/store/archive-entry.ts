/** What the index of archived studies says of one; the file that makes it findable, written last. */
import * as z from 'zod';
import { artifactRefSchema } from './artifact.ts';
import { jobIdSchema } from '../targets.ts';

/** Beside these, the fields of the job's summary. */
export const archiveEntrySchema = z.looseObject({
  jobId: jobIdSchema,
  runName: z.string().regex(/^[a-z0-9][a-z0-9_.-]{2,150}$/),
  createdAt: z.number(),
  files: z.strictObject({ study: artifactRefSchema, log: artifactRefSchema }),
});
export type ArchiveEntry = z.infer<typeof archiveEntrySchema>;

/** First file of an exported study: what else it holds. */
export const studyFileSchema = z.strictObject({
  format: z.literal('onegin-study'),
  version: z.literal(1),
  entry: archiveEntrySchema,
  artifacts: z.array(artifactRefSchema),
});
export type StudyFile = z.infer<typeof studyFileSchema>;
