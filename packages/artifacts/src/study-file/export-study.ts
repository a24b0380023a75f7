/**
 * An ended study as one file, a tar archive: `onegin-study.json`, which lists the rest, then the study's state, its
 * log, and every artifact under its key. Each is verified when it is read.
 */
import type { Readable } from 'node:stream';
import { pack, type Pack } from 'tar-stream';
import type { ArtifactRef, StudyFile, StudyState } from '@onegin/contracts';
import type { ArtifactStore } from '../artifact-store.ts';
import { archiveEntry, artifactsOf } from './archived-study.ts';

export const MANIFEST = 'onegin-study.json';

/**
 * The file as a stream; an artifact that is missing or damaged ends it with the store's error.
 * @throws OneginError `job-unknown` where the study is not archived
 */
export async function exportStudy(
  store: ArtifactStore,
  jobId: string,
): Promise<{ stream: Readable; runName: string }> {
  const entry = await archiveEntry(store, jobId);
  const state = JSON.parse((await store.get(entry.files.study)).toString()) as StudyState;
  const file: StudyFile = { format: 'onegin-study', version: 1, entry, artifacts: artifactsOf(state) };
  const tar = pack();
  write(tar, store, file).then(
    () => tar.finalize(),
    (error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return { stream: tar as unknown as Readable, runName: entry.runName };
}

async function write(tar: Pack, store: ArtifactStore, file: StudyFile): Promise<void> {
  await add(tar, MANIFEST, Buffer.from(JSON.stringify(file)));
  for (const ref of refsOf(file)) await add(tar, ref.key, await store.get(ref));
}

/** All that follows the manifest, in order. */
export const refsOf = ({ entry, artifacts }: StudyFile): ArtifactRef[] => [
  entry.files.study,
  entry.files.log,
  ...artifacts,
];

/** Resolves when the reader wants more. */
const add = (tar: Pack, name: string, bytes: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    tar.entry({ name }, bytes, (error) => (error ? reject(error) : resolve()));
  });
