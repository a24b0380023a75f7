/**
 * An open gateway checks the host name it is called by: a page of another site can make its own name resolve to this
 * machine ("DNS rebinding"), and the browser would then treat it as a page of this gateway. Addresses and names
 * without a dot cannot be abused that way. With keys there is no need: cookies are bound to the host name.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { OneginError } from '@onegin/contracts';
import type { AccessSettings } from './access-settings.ts';

/** What proxies add. One that adds none of these cannot be told from a program on this machine. */
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'] as const;

/** @throws OneginError `forbidden` for a request that should not have reached an open gateway */
export function checkHost(
  headers: IncomingHttpHeaders,
  { mode, onlyThisMachine, allowedHosts }: AccessSettings,
): void {
  if (mode === 'keys') return;
  const name = hostName(headers.host);
  if (!isHarmless(name) && !allowedHosts.includes(name))
    throw new OneginError(
      'forbidden',
      `this gateway is not known as ${name}: add the name to ALLOWED_HOSTS, or require keys with AUTH=keys`,
    );
  const proxied = onlyThisMachine ? PROXY_HEADERS.find((header) => headers[header] !== undefined) : undefined;
  if (proxied !== undefined)
    throw new OneginError(
      'forbidden',
      `the request came through a proxy (${proxied}), and this gateway requires no key from this machine: ` +
        'set AUTH=keys, or AUTH=off if the proxy authenticates its callers',
    );
}

const isHarmless = (name: string): boolean =>
  isIP(name) !== 0 || !name.includes('.') || name.endsWith('.localhost');

/** `[::1]:7860` → `::1` */
const hostName = (host = ''): string =>
  (/^\[(.*)\](?::\d+)?$/.exec(host)?.[1] ?? host.replace(/:\d*$/, '')).toLowerCase().replace(/\.$/, '');
