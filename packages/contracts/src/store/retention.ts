/** Which ended studies are kept in the archive, and which are removed for good. */
import * as z from 'zod';
import { jobIdSchema } from '../targets.ts';

/** At least one of the two; with both, a study is removed when it is too old and not among the newest. */
export interface RetentionRule {
  /** Studies that ended longer ago, in ms, may go. */
  readonly olderThanMs?: number;
  /** How many of those that ended last stay in any case. */
  readonly keep?: number;
}

/** Ten years: longer is for ever. */
const LONGEST_SECONDS = 10 * 366 * 86_400;
const MOST_KEPT = 1_000_000;

/** The body of `POST /api/jobs/prune`. */
export const pruneRequestSchema = z
  .strictObject({
    olderThanSeconds: z
      .int()
      .min(0)
      .max(LONGEST_SECONDS)
      .optional()
      .describe('Only jobs that ended longer ago.'),
    keep: z.int().min(0).max(MOST_KEPT).optional().describe('How many of the jobs that ended last stay.'),
    dryRun: z
      .boolean()
      .default(true)
      .describe('Only says what would be removed. Nothing is without `false`.'),
  })
  .refine(({ olderThanSeconds, keep }) => olderThanSeconds !== undefined || keep !== undefined, {
    path: ['olderThanSeconds'],
    message: 'expected olderThanSeconds, keep, or both',
  });
export type PruneRequest = z.input<typeof pruneRequestSchema>;

export const prunedJobSchema = z.strictObject({
  jobId: jobIdSchema,
  runName: z.string(),
  endedAt: z.number().describe('Milliseconds since 1970.'),
  files: z.int().min(0),
  bytes: z.int().min(0),
});
export type PrunedJob = z.infer<typeof prunedJobSchema>;

export const pruneAnswerSchema = z.strictObject({
  removed: z.boolean().describe('False: it was a dry run.'),
  jobs: z.array(prunedJobSchema).describe('The oldest first.'),
  kept: z.int().min(0).describe('Archived jobs that stay.'),
});
export type PruneAnswer = z.infer<typeof pruneAnswerSchema>;

/** The studies that the rule lets go, the oldest first. */
export function pruned<Study extends { readonly jobId: string; readonly endedAt: number }>(
  studies: readonly Study[],
  { olderThanMs = 0, keep = 0 }: RetentionRule,
  now: number,
): Study[] {
  const newestFirst = [...studies].sort(
    (a, b) => b.endedAt - a.endedAt || (a.jobId < b.jobId ? -1 : a.jobId > b.jobId ? 1 : 0),
  );
  return newestFirst
    .slice(keep)
    .filter(({ endedAt }) => now - endedAt > olderThanMs)
    .reverse();
}
