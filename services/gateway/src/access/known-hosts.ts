/**
 * While the gateway is open, the name it is called by is looked at: a page of another site can make its own name
 * lead to this machine ("DNS rebinding"), and its browser would then take it for a page of this gateway. An address,
 * or a name without a dot, is nobody's to do so with. With keys there is no need: a cookie does not follow to another
 * name.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { OneginError } from '@onegin/contracts';
import type { AccessSettings } from './access-settings.ts';

/** What proxies add. One that adds none of these cannot be told from a program on this machine. */
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'] as const;

/** @throws OneginError `forbidden` for a request that an open gateway was not meant for */
export function checkHost(
  headers: IncomingHttpHeaders,
  { mode, onlyThisMachine, allowedHosts }: AccessSettings,
): void {
  if (mode === 'keys') return;
  const name = hostName(headers.host);
  if (!isHarmless(name) && !allowedHosts.includes(name))
    throw new OneginError(
      'forbidden',
      `this gateway does not know itself by the name ${name}: add it to ALLOWED_HOSTS, or ask for keys with AUTH=keys`,
    );
  const proxied = onlyThisMachine ? PROXY_HEADERS.find((header) => headers[header] !== undefined) : undefined;
  if (proxied !== undefined)
    throw new OneginError(
      'forbidden',
      `the request came through a proxy (${proxied}), and this gateway lets this machine in without a key: ` +
        'set AUTH=keys, or AUTH=off where the proxy asks who is there',
    );
}

const isHarmless = (name: string): boolean =>
  isIP(name) !== 0 || !name.includes('.') || name.endsWith('.localhost');

/** `[::1]:7860` → `::1` */
const hostName = (host = ''): string =>
  (/^\[(.*)\](?::\d+)?$/.exec(host)?.[1] ?? host.replace(/:\d*$/, '')).toLowerCase().replace(/\.$/, '');
