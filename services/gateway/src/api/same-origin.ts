import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/**
 * Whether a request comes from a page of this server or from a program. Browsers send `Origin` with everything but
 * plain reads.
 * @param alsoAllowed origins of other sites that may call, `https://example.org`
 */
export function sameOrigin(
  { headers }: Pick<IncomingMessage, 'headers'>,
  alsoAllowed: readonly string[],
): boolean {
  const { origin } = headers;
  return origin === undefined || alsoAllowed.includes(origin) || isOwnOrigin(headers);
}

/** Whether `origin` is this server itself. */
export function isOwnOrigin({ origin, host }: IncomingHttpHeaders): boolean {
  const url = origin === undefined ? null : URL.parse(origin);
  return url !== null && host !== undefined && url.host === hostWithoutDefaultPort(host, url.protocol);
}

const hostWithoutDefaultPort = (host: string, protocol: string): string =>
  host.toLowerCase().replace(protocol === 'https:' ? /:443$/ : /:80$/, '');
