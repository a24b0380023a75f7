/** The Express application: headers, request ids, the API, the web UI, problems. */
import { randomUUID } from 'node:crypto';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import helmet from 'helmet';
import { errorCodes, OneginError, type Problem } from '@onegin/contracts';
import { problemOf, RETRY_AFTER_SECONDS } from './api/problem.ts';
import { registerRoutes } from './api/register-routes.ts';
import { sameOrigin } from './api/same-origin.ts';
import type { GatewayMetrics } from './gateway-metrics.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { routes } from './routes/index.ts';
import { webUi } from './web/web-ui.ts';

export function createApp(
  parts: GatewayParts,
  options: { metrics: GatewayMetrics; webDir: string | null },
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(identify, observe(parts, options.metrics), securityHeaders(), refuseForeignPages(parts));
  registerRoutes(app, routes, parts);
  app.use('/api', unknownAddress);
  app.use(webUi(options.webDir));
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
    response.once('finish', () => {
      const { method } = request;
      // The route's pattern, never the address: ids are too many to be a label.
      const pattern = (request.route as { path?: string } | undefined)?.path;
      const seconds = end({ method, route: pattern ?? 'none', status: String(response.statusCode) });
      logger[method === 'GET' || method === 'HEAD' ? 'debug' : 'info'](
        {
          requestId: response.getHeader('x-request-id'),
          method,
          url: request.originalUrl,
          status: response.statusCode,
          seconds,
        },
        'answered',
      );
    });
    next();
  };

function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // WASM for the model in the browser; styles that components of the UI insert.
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
      },
    },
    // Whoever ends TLS in front of the gateway sets these; over plain HTTP browsers only complain about them.
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
  });
}

/** A page of another site may not start or cancel jobs through its visitor's browser. */
const refuseForeignPages =
  ({ allowedOrigins }: GatewayParts): RequestHandler =>
  (request, _response, next) => {
    const { method, headers } = request;
    if (method === 'GET' || method === 'HEAD' || sameOrigin(request, allowedOrigins)) return next();
    throw new OneginError('forbidden', `pages of ${headers.origin} may not change anything here`);
  };

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
    sendProblem(problem, request, response);
  };

function sendProblem(problem: Problem, request: Request, response: Response): void {
  // In the middle of a file there is no way to say more: the connection is cut, so that nobody takes it for whole.
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.removeHeader('content-disposition');
  response.removeHeader('etag');
  response.status(problem.status);
  response.set({ 'content-type': 'application/problem+json; charset=utf-8', 'cache-control': 'no-store' });
  if (errorCodes[problem.code].retryable) response.set('retry-after', String(RETRY_AFTER_SECONDS));
  // What was not read of a body would be taken for the next request.
  if (!request.complete) response.set('connection', 'close');
  response.send(Buffer.from(JSON.stringify(problem)));
}
