/** The table of routes on an Express router: input checked, answers sent, errors handed on. */
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { OneginError, parseOrThrow } from '@onegin/contracts';
import type { Admission } from '../access/door.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { expressPath, isFileAnswer, type FileAnswer, type JsonAnswer, type Route } from './route.ts';

/** Of a body, where a route does not say otherwise. */
const LARGEST_BODY = '16kb';

export function registerRoutes(router: Router, routes: readonly Route[], parts: GatewayParts): void {
  for (const route of routes) {
    const handlers: RequestHandler[] = [(request, response) => answer(route, request, response, parts)];
    const limit = route.largestBody ?? LARGEST_BODY;
    if (route.body) handlers.unshift(requireJson, express.json({ limit, strict: false }));
    // Before a byte of the body is read.
    handlers.unshift(admit(route, parts));
    router[route.method](expressPath(route.path), ...handlers);
  }
  refuseOtherMethods(router, routes);
}

/** Only who may call comes to a route's handler. */
const admit =
  (route: Route, { door, gatekeeper }: GatewayParts): RequestHandler =>
  async (request, response, next) => {
    const { jobId } = request.params as { jobId?: string };
    (response.locals as Locals).admission = await door.admit(request, {
      access: route.opened?.(gatekeeper.settings) ? 'open' : route.access,
      changes: route.method !== 'get',
      jobId: jobId ?? null,
      ...(route.uncounted && { uncounted: true }),
    });
    next();
  };

/** What Express hands from one handler to the next. */
export interface Locals {
  admission?: Admission;
}

function admissionOf(response: Response): Admission {
  const { admission } = response.locals as Locals;
  if (!admission) throw new Error('a route was reached that does not ask who calls');
  return admission;
}

/** An address that exists, asked with a method it does not take. */
function refuseOtherMethods(router: Router, routes: readonly Route[]): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const taken = routes.filter((route) => route.path === path).map(({ method }) => method.toUpperCase());
    const allow = taken.includes('GET') ? [...taken, 'HEAD'] : taken;
    router.all(expressPath(path), (request, response) => {
      response.set('allow', allow.join(', '));
      throw new OneginError(
        'method-not-allowed',
        `${request.method} is not possible here, only ${allow.join(', ')}`,
      );
    });
  }
}

const requireJson: RequestHandler = (request, _response, next) => {
  if (request.is('application/json')) return next();
  const found = request.headers['content-type'] ?? 'none';
  throw new OneginError('unsupported-media-type', `expected content-type application/json, found ${found}`);
};

async function answer(route: Route, request: Request, response: Response, parts: GatewayParts) {
  const result = await route.handle(
    {
      params: route.params ? parseOrThrow(route.params, request.params, 'the address') : {},
      query: route.query ? parseOrThrow(route.query, request.query, 'the query') : {},
      body: route.body ? parseOrThrow(route.body, request.body, 'the request') : undefined,
      rawBody: request.body as unknown,
      headers: request.headers,
      requestId: String(response.getHeader('x-request-id')),
      ...admissionOf(response),
    },
    parts,
  );
  if (isFileAnswer(result)) await sendFile(result, request, response);
  else sendJson(route, result, response, parts);
}

function sendJson(route: Route, result: JsonAnswer<unknown>, response: Response, parts: GatewayParts): void {
  // In tests, an answer that the documentation does not describe is an error.
  if (parts.checkAnswers && 'schema' in route.answer)
    parseOrThrow(route.answer.schema, result.body, `the answer of ${route.operation}`, 'internal');
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
  if (!(content instanceof Readable)) return void response.send(asBuffer(content));
  // A client that goes away in the middle is no error of ours; a source that breaks cuts the connection.
  await pipeline(content, response).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

/** The compressed content, where there is one and the client takes it. */
function negotiated({ gzipped }: FileAnswer, request: Request, response: Response): Promise<Buffer> | null {
  if (!gzipped) return null;
  response.vary('accept-encoding');
  if (!request.acceptsEncodings('gzip')) return null;
  response.set('content-encoding', 'gzip');
  return gzipped();
}

const asBuffer = (content: Buffer | string): Buffer =>
  typeof content === 'string' ? Buffer.from(content) : content;
