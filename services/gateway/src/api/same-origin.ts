import type { IncomingMessage } from 'node:http';

/**
 * Whether a request comes from a page of this server, or from no page at all (a program). Browsers send `Origin`
 * with everything but plain reads.
 * @param alsoAllowed origins of other sites that may call, `https://example.org`
 */
export function sameOrigin(
  { headers }: Pick<IncomingMessage, 'headers'>,
  alsoAllowed: readonly string[],
): boolean {
  const { origin, host } = headers;
  if (origin === undefined || alsoAllowed.includes(origin)) return true;
  const url = URL.parse(origin);
  return url !== null && host !== undefined && url.host === hostWithoutDefaultPort(host, url.protocol);
}

const hostWithoutDefaultPort = (host: string, protocol: string): string =>
  host.toLowerCase().replace(protocol === 'https:' ? /:443$/ : /:80$/, '');
