/** An ended study in the artifact store: its last state, its log, and an entry in the index, written last. */
import { archiveIndexKey, archiveKey, jobSummary, type StudyState } from '@onegin/contracts';
import type { ArtifactStore } from '@onegin/artifacts';
import type { StudyLog } from '@onegin/service-kit';

/** Archiving twice writes the same files. */
export async function archiveStudy(log: StudyLog, store: ArtifactStore, state: StudyState): Promise<void> {
  const { jobId, config } = state;
  const study = await store.put(
    archiveKey(config.runName, 'study.json'),
    Buffer.from(JSON.stringify(state)),
    { kind: 'study', contentType: 'application/json' },
  );
  const events = await store.put(archiveKey(config.runName, 'log.ndjson'), await logLines(log, state), {
    kind: 'log',
    contentType: 'application/x-ndjson',
  });
  const entry = { ...jobSummary(state), files: { study, log: events } };
  await store.put(archiveIndexKey(jobId), Buffer.from(JSON.stringify(entry)), {
    kind: 'archive-index',
    contentType: 'application/json',
  });
  await log.markArchived(jobId);
}

/** @throws Error where the log doesn't go as far as the state: Redis has lost what it had written last */
async function logLines(log: StudyLog, { jobId, seq }: StudyState): Promise<Buffer> {
  const pages: Buffer[] = [];
  for await (const page of log.lines(jobId)) pages.push(Buffer.from(page));
  const last = await log.lastSeq(jobId);
  if (last !== seq) throw new Error(`the log of ${jobId} ends at ${last}, expected ${seq}`);
  return Buffer.concat(pages);
}
