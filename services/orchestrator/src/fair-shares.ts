/**
 * How jobs share the trainers: each gets its part by weight, and what a job cannot use goes to the others (weighted
 * max-min fairness). Running trials are never stopped: a share limits what starts when trials end.
 */
import { z } from 'zod';
import { hasOutcome, jobIdSchema, resourceSchema, type StudyState } from '@onegin/contracts';

export const jobDemandSchema = z.strictObject({
  jobId: jobIdSchema,
  resource: resourceSchema,
  weight: z.number().positive(),
  /** Trainings that it could run at once. */
  wanted: z.int().min(0),
});
export type JobDemand = z.infer<typeof jobDemandSchema>;

/** What a job asks of the trainers; the final model counts as one training. */
export function demandOf({ jobId, config, counts, finalModel }: StudyState): JobDemand {
  const { request, resource } = config;
  const done = counts.completed + counts.pruned + counts.failed + counts.cancelled;
  const final = finalModel && !hasOutcome(finalModel.status) ? 1 : 0;
  const wanted = Math.max(final, Math.min(request.parallelism, request.trials - done));
  return { jobId, resource, weight: request.weight, wanted };
}

/**
 * Slots per job, of one resource. Every job that has work gets at least one, so that none is starved: where
 * there are more jobs than slots their trials wait in the order they were queued.
 */
export function fairShares(slots: number, demands: readonly JobDemand[]): Map<string, number> {
  const shares = new Map<string, number>();
  let open = demands.filter(({ wanted }) => wanted > 0);
  let left = slots;
  for (;;) {
    const weights = open.reduce((sum, { weight }) => sum + weight, 0);
    const part = ({ weight }: JobDemand): number => (left * weight) / weights;
    const content = open.filter((demand) => demand.wanted <= part(demand));
    if (content.length === 0) {
      for (const [jobId, share] of wholeShares(left, open, part)) shares.set(jobId, share);
      return shares;
    }
    for (const { jobId, wanted } of content) {
      shares.set(jobId, wanted);
      left -= wanted;
    }
    open = open.filter((demand) => !content.includes(demand));
  }
}

/** Whole numbers by the largest remainders, equal ones in the order of their ids; one at least. */
function wholeShares(
  slots: number,
  demands: readonly JobDemand[],
  part: (demand: JobDemand) => number,
): [string, number][] {
  const exact = demands.map((demand) => ({ jobId: demand.jobId, share: part(demand) }));
  let spare = slots - exact.reduce((sum, { share }) => sum + Math.floor(share), 0);
  const byRemainder = [...exact].sort(
    (a, b) => (b.share % 1) - (a.share % 1) || (a.jobId < b.jobId ? -1 : 1),
  );
  return byRemainder.map(({ jobId, share }) => [
    jobId,
    Math.max(1, Math.floor(share) + (spare-- > 0 ? 1 : 0)),
  ]);
}
