/** A stored artifact as an answer, verified on the way. */
import type { ArtifactRef } from '@onegin/contracts';
import type { FileAnswer } from '../api/route.ts';
import type { GatewayParts } from '../gateway-parts.ts';

/** Up to this size an artifact is read and verified before the first byte is sent, so that damage is a clean problem. */
const WHOLE_UP_TO = 4 * 1024 * 1024;

export function sendArtifact(
  ref: ArtifactRef,
  { artifacts }: Pick<GatewayParts, 'artifacts'>,
  fileName?: string,
): FileAnswer {
  return {
    content: () => (ref.bytes <= WHOLE_UP_TO ? artifacts.get(ref) : artifacts.open(ref)),
    contentType: ref.contentType,
    bytes: ref.bytes,
    etag: ref.sha256,
    ...(fileName !== undefined && { fileName }),
  };
}
