/** Removing ended jobs for good. */
import { prunableStudies, removeStudy } from '@onegin/artifacts';
import { pruneAnswerSchema, pruneRequestSchema, type RetentionRule } from '@onegin/contracts';
import { route, type Route } from '../api/route.ts';

const pruneJobs = route({
  method: 'post',
  path: '/api/jobs/prune',
  operation: 'pruneJobs',
  tag: 'Jobs',
  summary: 'Remove ended jobs for good, with all their files; without `dryRun: false` only says which',
  access: 'admin',
  body: pruneRequestSchema,
  answer: { status: 200, description: 'What is, or would be, removed.', schema: pruneAnswerSchema },
  problems: ['payload-too-large', 'unsupported-media-type'],
  async handle({ body: { olderThanSeconds, keep, dryRun } }, parts) {
    const rule: RetentionRule = {
      ...(olderThanSeconds !== undefined && { olderThanMs: olderThanSeconds * 1000 }),
      ...(keep !== undefined && { keep }),
    };
    const { jobs, kept } = await prunableStudies(parts.artifacts, rule);
    if (dryRun) return { body: { removed: false, jobs: [...jobs], kept } };
    for (const job of jobs) {
      await parts.log.remove(job.jobId);
      await parts.publicJobs.set(job.jobId, false);
      await removeStudy(parts.artifacts, job);
      parts.archive.forget(job.jobId);
      parts.studies.forget(job.jobId);
      parts.logger.info(job, 'the job is removed for good');
    }
    return { body: { removed: true, jobs: [...jobs], kept } };
  },
});

export const retentionRoutes: readonly Route[] = [pruneJobs];
