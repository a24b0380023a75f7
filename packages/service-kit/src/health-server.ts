/**
 * /health, /ready and /metrics of a service that speaks no HTTP otherwise. /health says that the process lives
 * and checks nothing else: a service that waits for Redis must not be killed for it. /ready says whether it can work.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OneginError } from '@onegin/contracts';
import type { Metrics } from './metrics.ts';

/** Named conditions; all true: ready. One that throws is not. */
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
  metrics: Pick<Metrics, 'scrape'>;
}): HealthPages {
  const { service, checks, metrics } = options;
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
    metrics: async () => {
      const { text, contentType } = await metrics.scrape();
      return { status: 200, contentType, body: text };
    },
  };
}

async function passes(check: () => Promise<boolean> | boolean): Promise<boolean> {
  try {
    return await check();
  } catch {
    return false;
  }
}

/** The service's further pages, by path. */
export type ExtraPages = Readonly<Record<string, (query: URLSearchParams) => Promise<Answer>>>;

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * @param extra pages that the service adds, as they are when asked for
 * @throws OneginError `port-in-use`
 */
export async function startHealthServer(
  pages: HealthPages,
  port: number,
  extra: () => ExtraPages = () => ({}),
): Promise<HealthServer> {
  const server = createServer((request, response) => {
    void answerTo(pages, extra(), request.url ?? '/').then(({ status, contentType, body }) => {
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

async function answerTo(pages: HealthPages, extra: ExtraPages, url: string): Promise<Answer> {
  const [path = '/', query = ''] = url.split('?', 2);
  switch (path) {
    case '/health':
      return pages.health();
    case '/ready':
      return pages.ready();
    case '/metrics':
      return pages.metrics();
    default:
      return Object.hasOwn(extra, path)
        ? extraPage(extra[path]!, query)
        : json(404, { status: 'there is nothing at this address' });
  }
}

async function extraPage(page: ExtraPages[string], query: string): Promise<Answer> {
  try {
    return await page(new URLSearchParams(query));
  } catch {
    return json(500, { status: 'this page failed' });
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
