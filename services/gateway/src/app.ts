/** The Express application: headers, request ids, the API, the web UI, problems. */
import { randomUUID } from 'node:crypto';
import cors from 'cors';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { errorCodes, OneginError, type Problem } from '@onegin/contracts';
import { tracing, type Logger } from '@onegin/service-kit';
import { checkHost } from './access/allowed-hosts.ts';
import { problemOf, RETRY_AFTER_SECONDS } from './api/problem.ts';
import { registerRoutes, type Locals, type RoutingOptions } from './api/register-routes.ts';
import type { BoundRoute } from './api/route.ts';
import { sameOrigin } from './api/same-origin.ts';
import type { GatewayMetrics } from './gateway-metrics.ts';
import { securityHeaders } from './web/security-headers.ts';
import { webUi } from './web/web-ui.ts';

export interface AppOptions extends RoutingOptions {
  /** Origins of other sites whose pages may call, `https://example.org`. */
  readonly allowedOrigins: readonly string[];
  readonly metrics: GatewayMetrics;
  readonly logger: Logger;
  /** Where the built web UI is; null: there is none. */
  readonly webDir: string | null;
}

export function createApp(routes: readonly BoundRoute[], options: AppOptions): Express {
  const { access, allowedOrigins, webDir } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(assignId, observe(options), securityHeaders);
  app.use((request, _response, next) => {
    checkHost(request.headers, access);
    next();
  });
  app.use(refuseForeignChanges(allowedOrigins), allowOrigins(allowedOrigins));
  registerRoutes(app, routes, options);
  app.use('/api', notFound);
  app.use(webUi(webDir, access.embedOrigins));
  app.use(notFound, answerProblem(options));
  return app;
}

const USABLE_ID = /^[\w.:-]{1,80}$/;

/** A request keeps the id that a proxy assigned. */
const assignId: RequestHandler = (request, response, next) => {
  const given = request.headers['x-request-id'];
  response.set('x-request-id', typeof given === 'string' && USABLE_ID.test(given) ? given : randomUUID());
  next();
};

const observe =
  ({ logger, metrics }: AppOptions): RequestHandler =>
  (request, response, next) => {
    const end = metrics.requests.startTimer();
    const traced = tracing().serve(request.method, request.headers);
    response.once('finish', () => {
      const { method } = request;
      // The route's pattern, not the path: a label must not have as many values as there are ids.
      const pattern = (request.route as { path?: string } | undefined)?.path;
      traced.end({ name: `${method} ${pattern ?? 'none'}`, status: response.statusCode });
      const seconds = end({ method, route: pattern ?? 'none', status: String(response.statusCode) });
      logger[method === 'GET' || method === 'HEAD' ? 'debug' : 'info'](
        {
          requestId: response.getHeader('x-request-id'),
          method,
          url: request.originalUrl,
          status: response.statusCode,
          seconds,
          key: (response.locals as Locals).authorization?.caller?.key?.id,
        },
        'answered',
      );
    });
    traced.run(next);
  };

/** A page of another site may not start or cancel jobs through its visitor's browser. */
const refuseForeignChanges =
  (allowedOrigins: readonly string[]): RequestHandler =>
  (request, _response, next) => {
    const { method, headers } = request;
    if (method === 'GET' || method === 'HEAD' || sameOrigin(request, allowedOrigins)) return next();
    throw new OneginError('forbidden', `pages of ${headers.origin} may not change anything here`);
  };

/** CORS: without these headers, browsers keep other sites' pages from reading what the API returns. */
function allowOrigins(allowedOrigins: readonly string[]): RequestHandler {
  if (allowedOrigins.length === 0) return (_request, _response, next) => next();
  return cors({
    origin: [...allowedOrigins],
    methods: ['GET', 'HEAD', 'POST', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'x-request-id'],
    exposedHeaders: ['content-disposition', 'location', 'retry-after', 'x-request-id'],
    // Such pages send a key; the cookie is for this gateway's own pages.
    credentials: false,
    maxAge: 600,
  });
}

const notFound: RequestHandler = (request) => {
  throw new OneginError(
    'not-found',
    `there is nothing at ${request.method} ${request.originalUrl.split('?')[0]}`,
  );
};

const answerProblem =
  ({ logger, metrics }: AppOptions): ErrorRequestHandler =>
  (error: unknown, request, response, _next) => {
    const problem = problemOf(error, request.originalUrl);
    const { code, detail } = problem;
    metrics.problems.inc({ code });
    const about = { requestId: response.getHeader('x-request-id'), url: request.originalUrl, code };
    // The unexpected is logged in full; an outage is already logged by the connection that noticed it.
    if (code === 'internal') logger.error({ ...about, err: error }, problem.title);
    else if (problem.status >= 500) logger.info({ ...about, detail }, problem.title);
    const { retryAfterSeconds = null } = error instanceof OneginError ? error : {};
    sendProblem(problem, retryAfterSeconds, request, response);
  };

function sendProblem(
  problem: Problem,
  retryAfterSeconds: number | null,
  request: Request,
  response: Response,
): void {
  // In the middle of a file, only a closed connection can tell the client that it is incomplete.
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.removeHeader('content-disposition');
  response.removeHeader('etag');
  response.status(problem.status);
  response.set({ 'content-type': 'application/problem+json; charset=utf-8', 'cache-control': 'no-store' });
  if (errorCodes[problem.code].retryable)
    response.set('retry-after', String(retryAfterSeconds ?? RETRY_AFTER_SECONDS));
  if (problem.code === 'unauthorized') response.set('www-authenticate', 'Bearer realm="onegin"');
  // Otherwise the unread rest of the body would be parsed as the next request.
  if (!request.complete) response.set('connection', 'close');
  response.send(Buffer.from(JSON.stringify(problem)));
}
