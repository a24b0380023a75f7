/** The table of routes on an Express router: access is checked, input is parsed, the answer is sent. */
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { OneginError, parseOrThrow } from '@onegin/contracts';
import type { AccessSettings } from '../access/access-settings.ts';
import type { Authorization, Authorizer } from '../access/authorizer.ts';
import { expressPath, isFileAnswer, type BoundRoute, type FileAnswer, type JsonAnswer } from './route.ts';

export interface RoutingOptions {
  readonly authorizer: Pick<Authorizer, 'authorize'>;
  readonly access: AccessSettings;
  /** In tests: every answer is checked against the schema that documents it. */
  readonly checkAnswers: boolean;
}

/** Of a body, unless the route says otherwise. */
const LARGEST_BODY = '16kb';

export function registerRoutes(router: Router, routes: readonly BoundRoute[], options: RoutingOptions): void {
  for (const route of routes) {
    const handlers: RequestHandler[] = [
      (request, response) => answer(route, request, response, options.checkAnswers),
    ];
    const limit = route.largestBody ?? LARGEST_BODY;
    if (route.body) handlers.unshift(requireJson, express.json({ limit, strict: false }));
    // Before any of the body is read.
    handlers.unshift(authorize(route, options));
    router[route.method](expressPath(route.path), ...handlers);
  }
  refuseOtherMethods(router, routes);
}

/** No request reaches a handler without authorization. */
const authorize =
  (route: BoundRoute, { authorizer, access }: RoutingOptions): RequestHandler =>
  async (request, response, next) => {
    const { jobId } = request.params as { jobId?: string };
    (response.locals as Locals).authorization = await authorizer.authorize(request, {
      access: route.opened?.(access) ? 'open' : route.access,
      changes: route.method !== 'get',
      jobId: jobId ?? null,
      ...(route.unlimited && { unlimited: true }),
    });
    next();
  };

/** What one Express handler leaves for the next. */
export interface Locals {
  authorization?: Authorization;
}

function authorizationOf(response: Response): Authorization {
  const { authorization } = response.locals as Locals;
  if (!authorization) throw new Error('a handler was reached without authorization');
  return authorization;
}

/** A path that exists, requested with a method that it does not support. */
function refuseOtherMethods(router: Router, routes: readonly BoundRoute[]): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const own = routes.filter((route) => route.path === path).map(({ method }) => method.toUpperCase());
    const allow = (own.includes('GET') ? [...own, 'HEAD'] : own).join(', ');
    router.all(expressPath(path), (request, response) => {
      response.set('allow', allow);
      throw new OneginError('method-not-allowed', `${request.method} is not supported here, only ${allow}`);
    });
  }
}

const requireJson: RequestHandler = (request, _response, next) => {
  if (request.is('application/json')) return next();
  const found = request.headers['content-type'] ?? 'none';
  throw new OneginError('unsupported-media-type', `expected content-type application/json, found ${found}`);
};

async function answer(route: BoundRoute, request: Request, response: Response, check: boolean) {
  const result = await route.handle({
    params: route.params ? parseOrThrow(route.params, request.params, 'the address') : {},
    query: route.query ? parseOrThrow(route.query, request.query, 'the query') : {},
    body: route.body ? parseOrThrow(route.body, request.body, 'the request') : undefined,
    rawBody: request.body as unknown,
    headers: request.headers,
    requestId: String(response.getHeader('x-request-id')),
    ...authorizationOf(response),
  });
  if (isFileAnswer(result)) return sendFile(result, request, response);
  if (check && 'schema' in route.answer)
    parseOrThrow(route.answer.schema, result.body, `the answer of ${route.operation}`, 'internal');
  sendJson(route, result, response);
}

function sendJson(route: BoundRoute, result: JsonAnswer<unknown>, response: Response): void {
  response.status(result.status ?? route.answer.status);
  response.set({ 'cache-control': 'no-cache', ...result.headers });
  if (result.fileName !== undefined) response.attachment(result.fileName);
  response.json(result.body);
}

async function sendFile(file: FileAnswer, request: Request, response: Response): Promise<void> {
  if (file.fileName !== undefined) response.attachment(file.fileName);
  response.set({ 'content-type': file.contentType, 'cache-control': 'no-cache' });
  if (file.etag !== undefined) response.set('etag', `"${file.etag}"`);
  if (file.etag !== undefined && request.fresh) return void response.status(304).end();
  if (file.bytes !== undefined) response.set('content-length', String(file.bytes));
  if (request.method === 'HEAD') return void response.end();
  const content = await (negotiated(file, request, response) ?? file.content());
  if (typeof content === 'string') return void response.send(Buffer.from(content));
  if (!(content instanceof Readable)) return void response.send(content);
  // A client that disconnects midway is not an error; a source that fails closes the connection.
  await pipeline(content, response).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

/** The compressed content, if there is any and the client accepts it. */
function negotiated({ gzipped }: FileAnswer, request: Request, response: Response): Promise<Buffer> | null {
  if (!gzipped) return null;
  response.vary('accept-encoding');
  if (!request.acceptsEncodings('gzip')) return null;
  response.set('content-encoding', 'gzip');
  return gzipped();
}
