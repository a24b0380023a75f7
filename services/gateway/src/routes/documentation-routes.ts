/** The OpenAPI document and a page that renders it from local files, without loading anything from elsewhere. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getAbsoluteFSPath } from 'swagger-ui-dist';
import { z } from 'zod';
import { openApiDocument, type OpenApiDocument } from '../api/openapi.ts';
import { routesWith, type Route, type RouteInfo } from '../api/route.ts';

interface DocumentationRouteDeps {
  readonly version: string;
}

const route = routesWith<DocumentationRouteDeps>();

const TYPES = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'start.js': 'text/javascript; charset=utf-8',
} as const;

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Onegin API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/api/docs/swagger-ui.css">
  </head>
  <body>
    <main id="docs"></main>
    <noscript>This page needs JavaScript; the document itself is <a href="/api/openapi.json">here</a>.</noscript>
    <script src="/api/docs/swagger-ui-bundle.js"></script>
    <script src="/api/docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#docs', validatorUrl: null, deepLinking: true });\n`;

/** @param routes all routes, including these */
export function documentationRoutes(routes: () => readonly RouteInfo[]): Route<DocumentationRouteDeps>[] {
  let document: OpenApiDocument | null = null;
  const getOpenApi = route({
    method: 'get',
    path: '/api/openapi.json',
    operation: 'getOpenApi',
    tag: 'Service',
    summary: 'This document',
    access: 'open',
    answer: {
      status: 200,
      description: 'OpenAPI 3.1.',
      schema: z.record(z.string(), z.unknown()).meta({ override: { type: 'object' } }),
    },
    problems: [],
    handle: async (_call, { version }) => ({
      body: { ...(document ??= openApiDocument(routes(), version)) },
    }),
  });

  const getDocsPage = route({
    method: 'get',
    path: '/api/docs',
    operation: 'getDocsPage',
    tag: 'Service',
    summary: 'This document as a page',
    access: 'open',
    answer: { status: 200, description: 'The page.', contentTypes: ['text/html'] },
    problems: [],
    handle: async () => ({ content: async () => PAGE, contentType: 'text/html; charset=utf-8' }),
  });

  const getDocsFile = route({
    method: 'get',
    path: '/api/docs/{file}',
    operation: 'getDocsFile',
    tag: 'Service',
    summary: 'Style and script of the page',
    access: 'open',
    params: z.strictObject({ file: z.enum(Object.keys(TYPES) as [keyof typeof TYPES]) }),
    answer: { status: 200, description: 'The file.', contentTypes: ['text/css', 'text/javascript'] },
    problems: [],
    handle: async ({ params: { file } }) => ({
      content: async () => (file === 'start.js' ? START : readFile(join(getAbsoluteFSPath(), file))),
      contentType: TYPES[file],
    }),
  });

  return [getOpenApi, getDocsPage, getDocsFile];
}
