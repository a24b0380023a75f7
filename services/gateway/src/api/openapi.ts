/** The OpenAPI document, made from the table of routes and its schemas. */
import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import {
  errorCodes,
  optimizationRequestExamples,
  optimizationRequestSchema,
  problemSchema,
  requestJsonSchema,
  type ErrorCode,
} from '@onegin/contracts';
import {
  bestModelSchema,
  jobDetailSchema,
  jobListSchema,
  jobStatusSchema,
  jobSummarySchema,
  trialDetailSchema,
  trialListSchema,
  trialViewSchema,
} from './answer-schemas.ts';
import { makeProblem } from './problem.ts';
import { tags, type RouteInfo } from './route.ts';

/** Schemas that the document refers to by name instead of repeating them. */
const components = {
  OptimizationRequest: optimizationRequestSchema,
  Problem: problemSchema,
  JobSummary: jobSummarySchema,
  JobDetail: jobDetailSchema,
  JobList: jobListSchema,
  JobStatus: jobStatusSchema,
  Trial: trialViewSchema,
  TrialDetail: trialDetailSchema,
  TrialList: trialListSchema,
  BestModel: bestModelSchema,
};

const tagTexts: Record<(typeof tags)[number], string> = {
  Jobs: 'Start an optimization, follow it, cancel it.',
  Trials: 'The trainings of a job, their metrics and charts.',
  Model: 'The result of a job: the best model.',
  Catalogue: 'What can be chosen, and which trainers are available.',
  Access: 'Keys, the session of the web UI, and which jobs are public.',
  Service: 'Probes, metrics, error codes, this documentation.',
};

export type OpenApiDocument = ReturnType<typeof createDocument>;

export function openApiDocument(routes: readonly RouteInfo[], version: string): OpenApiDocument {
  return createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'Onegin',
        version,
        description:
          'Finds good, healthy neural networks by Bayesian optimization. Errors are problems as RFC 9457 ' +
          'describes them, with a stable `code` and every wrong field. Live events come over Socket.IO.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/' }],
      tags: tags.map((name) => ({ name, description: tagTexts[name] })),
      paths: pathsOf(routes),
      components: { schemas: components, securitySchemes },
    },
    { override: documentAsSent },
  );
}

const securitySchemes = {
  key: {
    type: 'http',
    scheme: 'bearer',
    description:
      'An API key, `onegin_…`. Needed unless the gateway is open, as on loopback; `security` names the scope.',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'onegin_session',
    description: 'The cookie of the web UI, from `POST /api/session`; over https `__Host-onegin_session`.',
  },
} as const;

/** Refines zod's JSON Schema where callers need more. */
const documentAsSent: NonNullable<Parameters<typeof createDocument>[1]>['override'] = ({
  jsonSchema,
  zodSchema,
  io,
}) => {
  if ((zodSchema as unknown) !== optimizationRequestSchema) return;
  const { properties } = requestJsonSchema();
  if (io === 'input') Object.assign(jsonSchema, { properties });
  // The default seed is drawn for each request.
  else delete (jsonSchema.properties as Record<string, { default?: unknown }>)['seed']?.default;
};

function pathsOf(routes: readonly RouteInfo[]): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes)
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  return paths;
}

function operationOf(route: RouteInfo): ZodOpenApiOperationObject {
  return {
    operationId: route.operation,
    tags: [route.tag],
    summary: route.summary,
    security: route.access === 'open' ? [] : [{ key: [route.access] }, { session: [route.access] }],
    ...((route.params || route.query || route.headers) && {
      requestParams: {
        ...(route.params && { path: route.params }),
        ...(route.query && { query: route.query }),
        ...(route.headers && { header: route.headers }),
      },
    }),
    ...(route.body && {
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: route.body,
            ...(route.body === optimizationRequestSchema && { examples: optimizationExamples }),
          },
        },
      },
    }),
    responses: responsesOf(route),
  };
}

const optimizationExamples = Object.fromEntries(
  optimizationRequestExamples.map((value, i) => [`example ${i + 1}`, { value }]),
);

function responsesOf(route: RouteInfo): ZodOpenApiResponsesObject {
  const { answer } = route;
  const content =
    'schema' in answer
      ? { 'application/json': { schema: answer.schema } }
      : Object.fromEntries(
          answer.contentTypes.map((type) => [type, { schema: answer.documents ?? fileSchema(type) }]),
        );
  const responses: ZodOpenApiResponsesObject = {
    [String(answer.status) as '200']: { description: answer.description, content },
  };
  for (const [status, codes] of problemsByStatus(route))
    responses[String(status) as '400'] = {
      description: codes.map((code) => `\`${code}\`: ${errorCodes[code].title}.`).join(' '),
      content: {
        'application/problem+json': {
          schema: problemSchema,
          example: makeProblem(codes[0]!, errorCodes[codes[0]!].title),
        },
      },
    };
  return responses;
}

const fileSchema = (type: string) =>
  type.startsWith('text/') || type.endsWith('ndjson') || type.endsWith('svg+xml')
    ? z.string()
    : z.string().meta({ override: { type: 'string', format: 'binary' } });

/** Every problem that a route can respond with, including those common to all routes. */
function problemsByStatus(route: RouteInfo): [status: number, codes: ErrorCode[]][] {
  const codes = new Set<ErrorCode>(route.problems);
  if (route.params || route.query || route.headers || route.body) codes.add('request-invalid');
  if (route.access !== 'open')
    for (const code of ['unauthorized', 'forbidden', 'redis-unavailable'] as const) codes.add(code);
  if (!route.unlimited) codes.add('too-many-requests');
  codes.add('internal');
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = errorCodes[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return [...byStatus].sort(([a], [b]) => a - b);
}
