/** Removes ended studies for good when the operator's rule lets them go. Every replica may do it at the same time. */
import { prunableStudies, removeStudy, type ArtifactStore } from '@onegin/artifacts';
import type { RetentionRule } from '@onegin/contracts';
import type { Logger, StudyLog } from '@onegin/service-kit';

export interface RetentionParts {
  readonly log: Pick<StudyLog, 'remove'>;
  readonly store: ArtifactStore;
  readonly logger: Logger;
}

/** Absent: studies are kept for ever. */
export function retentionRule(settings: {
  readonly archiveMaxAgeMs?: number | undefined;
  readonly archiveKeep?: number | undefined;
}): RetentionRule | null {
  const { archiveMaxAgeMs, archiveKeep } = settings;
  if (archiveMaxAgeMs === undefined && archiveKeep === undefined) return null;
  return {
    ...(archiveMaxAgeMs !== undefined && { olderThanMs: archiveMaxAgeMs }),
    ...(archiveKeep !== undefined && { keep: archiveKeep }),
  };
}

export async function keepRetention(
  rule: RetentionRule,
  { log, store, logger }: RetentionParts,
): Promise<void> {
  const { jobs } = await prunableStudies(store, rule);
  for (const job of jobs) {
    await log.remove(job.jobId);
    await removeStudy(store, job);
    logger.info(job, 'the job is removed for good: it was kept as long as the settings say');
  }
}
