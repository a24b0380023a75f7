/** Removing ended jobs for good. */
import { prunableStudies, removeStudy, type ArtifactStore } from '@onegin/artifacts';
import { pruneAnswerSchema, pruneRequestSchema, type RetentionRule } from '@onegin/contracts';
import type { Logger, StudyLog } from '@onegin/service-kit';
import type { PublicJobs } from '../access/public-jobs.ts';
import { routesWith } from '../api/route.ts';
import type { Archive } from '../jobs/archive.ts';
import type { Studies } from '../jobs/studies.ts';

interface RetentionRouteDeps {
  readonly artifacts: ArtifactStore;
  readonly log: Pick<StudyLog, 'remove'>;
  readonly publicJobs: Pick<PublicJobs, 'set'>;
  readonly archive: Pick<Archive, 'forget'>;
  readonly studies: Pick<Studies, 'forget'>;
  readonly logger: Logger;
}

const route = routesWith<RetentionRouteDeps>();

const pruneJobs = route({
  method: 'post',
  path: '/api/jobs/prune',
  operation: 'pruneJobs',
  tag: 'Jobs',
  summary: 'Remove ended jobs for good, with all their files; unless `dryRun` is false, only lists them',
  access: 'admin',
  body: pruneRequestSchema,
  answer: { status: 200, description: 'What is, or would be, removed.', schema: pruneAnswerSchema },
  problems: ['payload-too-large', 'unsupported-media-type'],
  async handle({ body }, { artifacts, log, publicJobs, archive, studies, logger }) {
    const { olderThanSeconds, keep, dryRun } = body;
    const rule: RetentionRule = {
      ...(olderThanSeconds !== undefined && { olderThanMs: olderThanSeconds * 1000 }),
      ...(keep !== undefined && { keep }),
    };
    const { jobs, kept } = await prunableStudies(artifacts, rule);
    if (dryRun) return { body: { removed: false, jobs: [...jobs], kept } };
    for (const job of jobs) {
      await log.remove(job.jobId);
      await publicJobs.set(job.jobId, false);
      await removeStudy(artifacts, job);
      archive.forget(job.jobId);
      studies.forget(job.jobId);
      logger.info(job, 'the job is removed for good');
    }
    return { body: { removed: true, jobs: [...jobs], kept } };
  },
});

export const retentionRoutes = [pruneJobs];
