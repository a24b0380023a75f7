/** A stored artifact as an answer, verified on the way. */
import type { ArtifactStore } from '@onegin/artifacts';
import type { ArtifactRef } from '@onegin/contracts';
import type { FileAnswer } from '../api/route.ts';

/** Up to this size an artifact is verified before the first byte is sent, so that damage is reported as a problem. */
const WHOLE_UP_TO = 4 * 1024 * 1024;

export const sendArtifact = (
  artifacts: Pick<ArtifactStore, 'get' | 'open'>,
  ref: ArtifactRef,
  fileName?: string,
): FileAnswer => ({
  content: () => (ref.bytes <= WHOLE_UP_TO ? artifacts.get(ref) : artifacts.open(ref)),
  contentType: ref.contentType,
  bytes: ref.bytes,
  etag: ref.sha256,
  ...(fileName !== undefined && { fileName }),
});
