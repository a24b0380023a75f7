/**
 * Prepared datasets in the artifact store: what one trainer has fetched and prepared, the others take over.
 *
 * Beside the bytes lies their ref, with size and SHA-256, so that a copy that was damaged on the way or in the store is
 * never used: it counts as missing, and the trainer that next prepares the dataset replaces it.
 */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ArtifactStore } from '@onegin/artifacts';
import { artifactRefSchema, OneginError, preparedDatasetKey } from '@onegin/contracts';
import type { PreparedStore } from '@onegin/datasets';
import type { Logger } from '@onegin/service-kit';

const ABOUT = { kind: 'dataset', contentType: 'application/octet-stream' };
const REF_ABOUT = { kind: 'dataset-ref', contentType: 'application/json' };

/** Neither method throws: without the store a trainer prepares its datasets itself. */
export function sharedDatasets(store: ArtifactStore, logger: Pick<Logger, 'info' | 'warn'>): PreparedStore {
  return {
    async get(name, path) {
      try {
        await fetch(store, name, path);
        logger.info({ dataset: name }, 'the prepared dataset is taken from the artifact store');
        return true;
      } catch (error) {
        if (!isMissing(error))
          logger.warn({ err: error, dataset: name }, 'the prepared dataset in the store cannot be used');
        return false;
      }
    },
    async put(name, path) {
      try {
        const ref = await store.put(preparedDatasetKey(name, 'data'), await readFile(path), ABOUT);
        const bytes = new TextEncoder().encode(JSON.stringify(ref));
        await store.put(preparedDatasetKey(name, 'ref'), bytes, REF_ABOUT);
        logger.info({ dataset: name }, 'the prepared dataset is shared through the artifact store');
      } catch (error) {
        logger.warn({ err: error, dataset: name }, 'the prepared dataset could not be shared');
      }
    },
  };
}

const isMissing = (error: unknown): boolean =>
  error instanceof OneginError && error.code === 'artifact-missing';

/** Appears under `path` as a whole, or not at all. */
async function fetch(store: ArtifactStore, name: string, path: string): Promise<void> {
  const text = (await store.read(preparedDatasetKey(name, 'ref'))).toString();
  const ref = artifactRefSchema.parse(JSON.parse(text));
  const part = `${path}.${randomUUID()}.part`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await pipeline(await store.open(ref), createWriteStream(part));
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
}
