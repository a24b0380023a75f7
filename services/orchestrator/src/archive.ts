/** An ended study in the artifact store: its last state, its log, and an entry in the index, written last. */
import { archiveIndexKey, archiveKey, jobSummary, storedEvent, type StudyState } from '@onegin/contracts';
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
  const events = await store.put(
    archiveKey(config.runName, 'log.ndjson'),
    await logLines(log, jobId, state.seq),
    { kind: 'log', contentType: 'application/x-ndjson' },
  );
  const entry = { ...jobSummary(state), files: { study, log: events } };
  await store.put(archiveIndexKey(jobId), Buffer.from(JSON.stringify(entry)), {
    kind: 'archive-index',
    contentType: 'application/json',
  });
  await log.markArchived(jobId);
}

/** The log up to an event, one event a line. */
async function logLines(log: StudyLog, jobId: string, lastSeq: number): Promise<Buffer> {
  const pages: Buffer[] = [];
  for (let seq = 0; seq < lastSeq;) {
    const events = await log.read(jobId, seq);
    if (events.length === 0) throw new Error(`the log of ${jobId} ends at ${seq}, expected ${lastSeq}`);
    pages.push(Buffer.from(events.map((event) => `${JSON.stringify(storedEvent(event))}\n`).join('')));
    seq = events.at(-1)!.seq;
  }
  return Buffer.concat(pages);
}
