/** The face of the artifact store; what a folder and an S3 bucket both promise. */
import type { Readable } from 'node:stream';
import type { ArtifactRef } from '@onegin/contracts';

/** What the writer says about an artifact; the store adds size and checksum. */
export interface ArtifactAbout {
  kind: string;
  contentType: string;
}

/**
 * Every method rejects with an OneginError: `storage-unavailable` (cannot be reached), `storage-full`,
 * `storage-denied` (no right to read or write), `request-invalid` (a key that no store can hold).
 */
export interface ArtifactStore {
  /**
   * Stores `body` under `key`. Readers see the old object or the new one, never a part. Putting again
   * replaces; so a repeated put of the same bytes changes nothing.
   */
  put(key: string, body: Uint8Array, about: ArtifactAbout): Promise<ArtifactRef>;

  /**
   * The whole artifact, verified.
   * @throws OneginError `artifact-missing`, or `artifact-corrupt` when size or SHA-256 differ from the ref.
   */
  get(ref: ArtifactRef): Promise<Buffer>;

  /**
   * The artifact as a stream, for downloads too large to hold. Its last bytes come only after the checksum
   * was found right, so a damaged artifact is never received whole: the stream ends with `artifact-corrupt`.
   * @throws OneginError `artifact-missing` before the first byte.
   */
  open(ref: ArtifactRef): Promise<Readable>;

  /**
   * A small file whose ref nobody keeps, such as an index entry. Only S3, which stores the checksum beside
   * the object, can verify it.
   * @throws OneginError `artifact-missing`
   */
  read(key: string): Promise<Buffer>;

  /** Keys that begin with `prefix` (any string, not only a folder), in the order of their UTF-8 bytes. */
  list(prefix: string): AsyncIterable<{ key: string; bytes: number }>;

  /** Removes every key that begins with `prefix`; answers how many. An empty prefix is refused. */
  removePrefix(prefix: string): Promise<number>;

  /** Resolves when the store can be written to; rejects saying why not. */
  probe(): Promise<void>;
}
