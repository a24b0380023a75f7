import { OneginError } from '@onegin/contracts';
import type { ArtifactStore } from './artifact-store.ts';
import { FolderStore, type FolderStoreConfig } from './folder-store.ts';
import { S3Store, type S3StoreConfig } from './s3-store.ts';

export type ArtifactStoreConfig = FolderStoreConfig | S3StoreConfig;

/**
 * Opens the artifact store: a folder (made when absent) or an S3 bucket (made when absent). Resolves when it
 * can be used.
 * @throws OneginError `storage-unavailable`, `storage-denied`, `storage-full`; `config-invalid` when the
 *   endpoint is no http(s) address.
 */
export async function createArtifactStore(config: ArtifactStoreConfig): Promise<ArtifactStore> {
  if ('directory' in config && 'endpoint' in config)
    throw new OneginError('config-invalid', 'the artifact store is a folder or an S3 bucket, not both');
  const store = 'directory' in config ? new FolderStore(config) : new S3Store(config);
  await store.probe();
  return store;
}
