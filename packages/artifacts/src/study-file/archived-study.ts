/** A study as the store keeps it after its end. */
import { archiveEntrySchema, archiveIndexKey, OneginError, parseOrThrow } from '@onegin/contracts';
import type { ArchiveEntry, ArtifactRef, StudyState } from '@onegin/contracts';
import type { ArtifactStore } from '../artifact-store.ts';

/** @throws OneginError `job-unknown` where the store has no ended study of this job */
export async function archiveEntry(store: ArtifactStore, jobId: string): Promise<ArchiveEntry> {
  try {
    const text = (await store.read(archiveIndexKey(jobId))).toString();
    return parseOrThrow(archiveEntrySchema, JSON.parse(text), `the archive of ${jobId}`, 'artifact-corrupt');
  } catch (error) {
    if (!(error instanceof OneginError) || error.code !== 'artifact-missing') throw error;
    throw new OneginError(
      'job-unknown',
      `job ${jobId} is not in the archive: it has not ended, or never was`,
    );
  }
}

/** Every file that a study names in the end, each once. */
export function artifactsOf(state: StudyState): ArtifactRef[] {
  const all = [
    ...state.trials.flatMap(({ artifacts }) => artifacts),
    ...(state.finalModel?.artifacts ?? []),
    ...Object.values(state.plots).flatMap(({ artifacts }) => artifacts),
  ];
  return [...new Map(all.map((ref) => [ref.key, ref])).values()];
}
