/**
 * What an embedded view shows of itself: browsers send no cookie from a frame in another site. It is either for one
 * public job, or has a key to that job in the address's fragment, which browsers send to nobody.
 */
import { InjectionToken } from '@angular/core';

export interface EmbedCredentials {
  readonly jobId: string;
  readonly key?: string;
}

/** Null on every other page. */
export function embedCredentials({
  pathname,
  hash,
}: Pick<Location, 'pathname' | 'hash'>): EmbedCredentials | null {
  const jobId = /^\/embed\/([^/]+)\/?$/.exec(pathname)?.[1];
  if (jobId === undefined) return null;
  const key = new URLSearchParams(hash.replace(/^#/, '')).get('key');
  return { jobId: decodeURIComponent(jobId), ...(key && { key }) };
}

export const EMBED_CREDENTIALS = new InjectionToken<EmbedCredentials | null>('embed credentials', {
  // Read once: the address of an embedded view does not change.
  factory: () => embedCredentials(location),
});
