/** What is known of whoever sends a request, before anything of it is believed. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddr from 'proxy-addr';
import { isOwnOrigin } from '../api/same-origin.ts';
import { sessionTokenOf } from './session-cookie.ts';

export interface Client {
  /** For counting: an IPv4 address, or the first 64 bits of an IPv6 one, as one household or server has them all. */
  readonly network: string;
  /** Whether a browser says that one of this gateway's own pages sends it. */
  readonly fromOwnPage: boolean;
  /** Whether that page came over https. */
  readonly secure: boolean;
  /** What stands in the `authorization` header after `Bearer`; null: nothing. */
  readonly key: string | null;
  /** The token in the session cookie; null: there is none. */
  readonly sessionToken: string | null;
}

/** What is looked at of a request, or of what a socket remembers of its own. */
export interface Requesting {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

export type ReadClient = (request: Requesting) => Client;

/** @param trustedProxies whose `x-forwarded-for` is believed: addresses, subnets, `loopback` */
export function clientReader(trustedProxies: readonly string[]): ReadClient {
  const trust = proxyAddr.compile([...trustedProxies]);
  return (request) => {
    const { headers } = request;
    const fromOwnPage = isOwnOrigin(headers);
    return {
      network: networkOf(proxyAddr(request as IncomingMessage, trust), request.socket.remoteAddress),
      fromOwnPage,
      secure: headers.origin?.startsWith('https:') ?? false,
      key: bearerOf(headers),
      // The cookie is for pages of this gateway; with another page's request it is not looked at.
      sessionToken: headers.origin === undefined || fromOwnPage ? sessionTokenOf(headers.cookie) : null,
    };
  };
}

/** An empty key is one that is wrong, not one that is absent. */
const bearerOf = ({ authorization }: IncomingHttpHeaders): string | null =>
  authorization === undefined ? null : (/^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '');

/** A header is anyone's text: what is no address is not believed. */
function networkOf(told: string | undefined, connected: string | undefined): string {
  const address = (told !== undefined && isIP(told) !== 0 ? told : connected) ?? 'unknown';
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  return isIP(address) === 6 ? first64Bits(address) : address;
}

/** `2001:db8::1` → `2001:db8:0:0` */
function first64Bits(address: string): string {
  const [head = '', tail] = address.toLowerCase().replace(/%.*$/, '').split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length);
  const all = [...groups, ...Array.from({ length: zeros }, () => '0'), ...after];
  return all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
