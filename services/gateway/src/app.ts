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
import { checkHost } from './access/known-hosts.ts';
import { problemOf, RETRY_AFTER_SECONDS } from './api/problem.ts';
import { registerRoutes, type Locals } from './api/register-routes.ts';
import { sameOrigin } from './api/same-origin.ts';
import { tracing } from '@onegin/service-kit';
import type { GatewayMetrics } from './gateway-metrics.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { routes } from './routes/index.ts';
import { securityHeaders } from './web/security-headers.ts';
import { webUi } from './web/web-ui.ts';

export function createApp(
  parts: GatewayParts,
  options: { metrics: GatewayMetrics; webDir: string | null },
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(identify, observe(parts, options.metrics), securityHeaders);
  app.use(refuseForeignHosts(parts), refuseForeignPages(parts), answerAllowedPages(parts));
  registerRoutes(app, routes, parts);
  app.use('/api', unknownAddress);
  app.use(webUi(options.webDir, parts.gatekeeper.settings.embedOrigins));
  app.use(unknownAddress, answerProblem(parts, options.metrics));
  return app;
}

const USABLE_ID = /^[\w.:-]{1,80}$/;

/** A request keeps the id that a proxy gave it. */
const identify: RequestHandler = (request, response, next) => {
  const given = request.headers['x-request-id'];
  response.set('x-request-id', typeof given === 'string' && USABLE_ID.test(given) ? given : randomUUID());
  next();
};

const observe =
  ({ logger }: GatewayParts, metrics: GatewayMetrics): RequestHandler =>
  (request, response, next) => {
    const end = metrics.requests.startTimer();
    const traced = tracing().serve(request.method, request.headers);
    response.once('finish', () => {
      const { method } = request;
      // The route's pattern, never the address: ids are too many to be a label.
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
          key: (response.locals as Locals).admission?.caller?.key?.id,
        },
        'answered',
      );
    });
    traced.run(next);
  };

const refuseForeignHosts =
  ({ gatekeeper }: GatewayParts): RequestHandler =>
  (request, _response, next) => {
    checkHost(request.headers, gatekeeper.settings);
    next();
  };

/** A page of another site may not start or cancel jobs through its visitor's browser. */
const refuseForeignPages =
  ({ allowedOrigins }: GatewayParts): RequestHandler =>
  (request, _response, next) => {
    const { method, headers } = request;
    if (method === 'GET' || method === 'HEAD' || sameOrigin(request, allowedOrigins)) return next();
    throw new OneginError('forbidden', `pages of ${headers.origin} may not change anything here`);
  };

/** Browsers ask first whether another site's page may, and hide the answer from it where that is not said. */
function answerAllowedPages({ allowedOrigins }: GatewayParts): RequestHandler {
  if (allowedOrigins.length === 0) return (_request, _response, next) => next();
  return cors({
    origin: [...allowedOrigins],
    methods: ['GET', 'HEAD', 'POST', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'x-request-id'],
    exposedHeaders: ['content-disposition', 'location', 'retry-after', 'x-request-id'],
    // Such pages bring a key. The cookie is for this gateway's own.
    credentials: false,
    maxAge: 600,
  });
}

const unknownAddress: RequestHandler = (request) => {
  throw new OneginError(
    'not-found',
    `there is nothing at ${request.method} ${request.originalUrl.split('?')[0]}`,
  );
};

const answerProblem =
  ({ logger }: GatewayParts, metrics: GatewayMetrics): ErrorRequestHandler =>
  (error: unknown, request, response, _next) => {
    const problem = problemOf(error, request.originalUrl);
    const { code, detail } = problem;
    metrics.problems.inc({ code });
    const about = { requestId: response.getHeader('x-request-id'), url: request.originalUrl, code };
    // What is not ours to foresee is told in full; an outage is already told by whoever is out.
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
  // In the middle of a file there is no way to say more: the connection is cut, so that nobody takes it for whole.
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
  // What was not read of a body would be taken for the next request.
  if (!request.complete) response.set('connection', 'close');
  response.send(Buffer.from(JSON.stringify(problem)));
}
