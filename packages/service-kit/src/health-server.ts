/**
 * /health, /ready and /metrics of a service that speaks no HTTP otherwise. /health says that the process lives and
 * asks nobody else: a service that waits for Redis must not be killed for it. /ready says whether it can work.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OneginError } from '@onegin/contracts';
import type { Registry } from 'prom-client';

/** Named conditions; all true: ready. */
export type ReadyChecks = Readonly<Record<string, () => Promise<boolean> | boolean>>;

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** The three pages; the gateway serves them on its own port. */
export interface HealthPages {
  health(): Answer;
  ready(): Promise<Answer>;
  metrics(): Promise<Answer>;
}

const json = (status: number, value: unknown): Answer => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify(value),
});

export function healthPages(options: {
  service: string;
  /** Asked at each request: a service that is starting has others than one that runs. */
  checks: () => ReadyChecks;
  registry: Registry;
}): HealthPages {
  const { service, checks, registry } = options;
  return {
    health: () => json(200, { status: 'ok', service }),
    ready: async () => {
      const results = await Promise.all(
        Object.entries(checks()).map(async ([name, check]) => [name, await passes(check)] as const),
      );
      const ready = results.every(([, ok]) => ok);
      return json(ready ? 200 : 503, {
        status: ready ? 'ready' : 'not ready',
        service,
        checks: Object.fromEntries(results),
      });
    },
    metrics: async () => ({ status: 200, contentType: registry.contentType, body: await registry.metrics() }),
  };
}

async function passes(check: () => Promise<boolean> | boolean): Promise<boolean> {
  try {
    return await check();
  } catch {
    return false;
  }
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** @throws OneginError `port-in-use` */
export async function startHealthServer(pages: HealthPages, port: number): Promise<HealthServer> {
  const server = createServer((request, response) => {
    void answerTo(pages, request.url ?? '/').then(({ status, contentType, body }) => {
      response.writeHead(status, { 'content-type': contentType }).end(body);
    });
  });
  await listen(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answerTo(pages: HealthPages, url: string): Promise<Answer> {
  switch (url.split('?')[0]) {
    case '/health':
      return pages.health();
    case '/ready':
      return pages.ready();
    case '/metrics':
      return pages.metrics();
    default:
      return json(404, { status: 'there is nothing at this address' });
  }
}

/** Resolves when the server listens. @throws OneginError `port-in-use` */
export function listen(server: Server, port: number, host?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new OneginError('port-in-use', `port ${port} is taken by another program`, { cause: error })
          : error,
      );
    });
    server.listen(port, host, resolve);
  });
}
