/** Removing ended studies for good: their files, and their place in the index of the archive. */
import { archiveEntrySchema, archiveIndexKey, OneginError, pruned, studyPrefix } from '@onegin/contracts';
import type { PrunedJob, RetentionRule } from '@onegin/contracts';
import type { ArtifactStore } from './artifact-store.ts';

const INDEX_PREFIX = archiveIndexKey('').replace(/\.json$/, '');
const READS_AT_ONCE = 8;

interface Archived {
  readonly jobId: string;
  readonly runName: string;
  readonly endedAt: number;
}

/** What the rule lets go, and how many archived studies stay. */
export interface Prunable {
  readonly jobs: readonly PrunedJob[];
  readonly kept: number;
}

/** Only looks; each study comes with what its removal would free. */
export async function prunableStudies(
  store: ArtifactStore,
  rule: RetentionRule,
  now = Date.now(),
): Promise<Prunable> {
  const archived = await archivedStudies(store);
  const old = pruned(archived, rule, now);
  const jobs: PrunedJob[] = [];
  for (const study of old) jobs.push({ ...study, ...(await sizeOf(store, study.runName)) });
  return { jobs, kept: archived.length - jobs.length };
}

/**
 * Its place in the index goes last: a removal that was broken off is found again, and made again.
 */
export async function removeStudy(
  store: ArtifactStore,
  { jobId, runName }: Pick<PrunedJob, 'jobId' | 'runName'>,
): Promise<void> {
  await store.removePrefix(studyPrefix(runName));
  await store.removePrefix(archiveIndexKey(jobId));
}

async function archivedStudies(store: ArtifactStore): Promise<Archived[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(INDEX_PREFIX)) keys.push(key);
  const found: Archived[] = [];
  for (let i = 0; i < keys.length; i += READS_AT_ONCE) {
    const read = await Promise.all(keys.slice(i, i + READS_AT_ONCE).map((key) => archivedOf(store, key)));
    found.push(...read.flat());
  }
  return found;
}

/** An entry that is damaged, or went meanwhile, is left alone: nobody knows what it stands for. */
async function archivedOf(store: ArtifactStore, key: string): Promise<Archived[]> {
  try {
    const parsed = archiveEntrySchema.safeParse(JSON.parse((await store.read(key)).toString()));
    if (!parsed.success) return [];
    const { jobId, runName, endedAt } = parsed.data;
    return typeof endedAt === 'number' ? [{ jobId, runName, endedAt }] : [];
  } catch (error) {
    const code = error instanceof OneginError ? error.code : null;
    if (code === 'artifact-missing' || code === 'artifact-corrupt' || error instanceof SyntaxError) return [];
    throw error;
  }
}

async function sizeOf(store: ArtifactStore, runName: string): Promise<{ files: number; bytes: number }> {
  let files = 0;
  let bytes = 0;
  for await (const object of store.list(studyPrefix(runName))) {
    files++;
    bytes += object.bytes;
  }
  return { files, bytes };
}
