/** How an artifact proves that it is whole: its size and the SHA-256 of its bytes. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { OneginError, type ArtifactRef } from '@onegin/contracts';
import type { ArtifactAbout } from './artifact-store.ts';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const refOf = (key: string, body: Uint8Array, about: ArtifactAbout): ArtifactRef => ({
  kind: about.kind,
  key,
  bytes: body.byteLength,
  sha256: sha256(body),
  contentType: about.contentType,
});

/**
 * @throws OneginError `artifact-corrupt` when size or checksum are not those of the ref.
 */
export function verify(ref: ArtifactRef, found: { bytes: number; sha256: string }): void {
  if (found.bytes !== ref.bytes) throw corrupt(ref, `${ref.bytes} bytes`, `${found.bytes}`);
  if (found.sha256 !== ref.sha256) throw corrupt(ref, `SHA-256 ${ref.sha256}`, found.sha256);
}

export function verifyBytes(ref: ArtifactRef, content: Buffer): Buffer {
  verify(ref, { bytes: content.length, sha256: content.length === ref.bytes ? sha256(content) : '' });
  return content;
}

/**
 * Passes `source` on and verifies it. The last chunk is held back until the whole was found right: a reader
 * that counts bytes then sees a damaged artifact as an incomplete one.
 * @param asStoreError turns an error of the source into the one that readers see.
 */
export function verifiedStream(
  source: Readable,
  ref: ArtifactRef,
  asStoreError: (error: unknown) => unknown,
): Readable {
  return Readable.from(verifiedChunks(source, ref, asStoreError), { objectMode: false });
}

async function* verifiedChunks(
  source: Readable,
  ref: ArtifactRef,
  asStoreError: (error: unknown) => unknown,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let bytes = 0;
  let held: Buffer | undefined;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      if (bytes > ref.bytes) break;
      if (held) yield held;
      held = chunk;
    }
  } catch (error) {
    throw asStoreError(error);
  }
  verify(ref, { bytes, sha256: hash.digest('hex') });
  if (held) yield held;
}

const corrupt = (ref: ArtifactRef, expected: string, found: string): OneginError =>
  new OneginError(
    'artifact-corrupt',
    `the artifact ${ref.key} (${ref.kind}) is damaged: expected ${expected}, found ${found}`,
  );

export const missing = (key: string, where: string): OneginError =>
  new OneginError('artifact-missing', `there is no artifact ${key} in ${where}`);
