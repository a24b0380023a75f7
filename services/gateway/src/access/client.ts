/** What a request says about its sender, none of it verified yet. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddr from 'proxy-addr';
import { isOwnOrigin } from '../api/same-origin.ts';
import { sessionTokenOf } from './session-cookie.ts';

export interface Client {
  /** For rate limits: an IPv4 address, or the /64 of an IPv6 one, which usually belongs to a single site. */
  readonly network: string;
  /** Whether `origin` names one of this gateway's own pages. */
  readonly fromOwnPage: boolean;
  /** Whether that page came over https. */
  readonly secure: boolean;
  /** The bearer token of the `authorization` header; null: no such header. */
  readonly key: string | null;
  /** The token in the session cookie; null: there is none. */
  readonly sessionToken: string | null;
}

/** The parts of a request that matter here; a socket keeps those of its handshake. */
export interface RequestLike {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

export type ReadClient = (request: RequestLike) => Client;

/** @param trustedProxies whose `x-forwarded-for` is trusted: addresses, subnets, `loopback` */
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
      // The cookie is for pages of this gateway; a request from any other page is treated as having none.
      sessionToken: headers.origin === undefined || fromOwnPage ? sessionTokenOf(headers.cookie) : null,
    };
  };
}

/** A malformed header is a wrong key, not a missing one. */
const bearerOf = ({ authorization }: IncomingHttpHeaders): string | null =>
  authorization === undefined ? null : (/^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '');

/** Headers can contain anything: what is not an address is ignored. */
function networkOf(forwarded: string | undefined, connected: string | undefined): string {
  const address = (forwarded !== undefined && isIP(forwarded) !== 0 ? forwarded : connected) ?? 'unknown';
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
