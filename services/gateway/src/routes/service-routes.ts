/** Probes, metrics, the meaning of error codes. */
import { z } from 'zod';
import {
  errorCodes,
  errorCodeSchema,
  OneginError,
  siteSchema,
  type ErrorCode,
  type Site,
} from '@onegin/contracts';
import type { Metrics } from '@onegin/service-kit';
import { routesWith } from '../api/route.ts';

interface ServiceRouteDeps {
  readonly version: string;
  readonly site: Site;
  /** Rejects while the gateway cannot work. */
  readonly checkReady: () => Promise<void>;
  readonly metrics: Pick<Metrics, 'scrape'>;
}

const route = routesWith<ServiceRouteDeps>();

const errorShape = z.strictObject({
  code: errorCodeSchema,
  title: z.string(),
  status: z.int(),
  retryable: z.boolean(),
});

const describeError = (code: ErrorCode): z.infer<typeof errorShape> => ({ code, ...errorCodes[code] });

const getHealth = route({
  method: 'get',
  path: '/health',
  operation: 'getHealth',
  tag: 'Service',
  summary: 'Whether the gateway is alive',
  access: 'open',
  unlimited: true,
  answer: {
    status: 200,
    description: 'It is.',
    schema: z.strictObject({ status: z.literal('ok'), version: z.string() }),
  },
  problems: [],
  handle: async (_call, { version }) => ({ body: { status: 'ok' as const, version } }),
});

const getReady = route({
  method: 'get',
  path: '/ready',
  operation: 'getReady',
  tag: 'Service',
  summary: 'Whether the gateway can work: Redis answers, and it is not shutting down',
  access: 'open',
  unlimited: true,
  answer: { status: 200, description: 'It can.', schema: z.strictObject({ status: z.literal('ready') }) },
  problems: ['redis-unavailable', 'shutting-down'],
  async handle(_call, { checkReady }) {
    await checkReady();
    return { body: { status: 'ready' as const } };
  },
});

const getMetrics = route({
  method: 'get',
  path: '/metrics',
  operation: 'getMetrics',
  tag: 'Service',
  summary: 'Metrics for Prometheus',
  access: 'read',
  opened: ({ metricsNeedKey }) => !metricsNeedKey,
  unlimited: true,
  answer: { status: 200, description: 'The metrics.', contentTypes: ['text/plain'] },
  problems: [],
  async handle(_call, { metrics }) {
    const { text, contentType } = await metrics.scrape();
    return { content: async () => text, contentType };
  },
});

const getSite = route({
  method: 'get',
  path: '/api/site',
  operation: 'getSite',
  tag: 'Service',
  summary: 'Whose installation this is, and the TensorBoard that belongs to it',
  access: 'open',
  answer: { status: 200, description: 'What is configured; null where nothing is.', schema: siteSchema },
  problems: [],
  handle: async (_call, { site }) => ({ body: site }),
});

const listErrors = route({
  method: 'get',
  path: '/api/errors',
  operation: 'listErrors',
  tag: 'Service',
  summary: 'Every error code',
  access: 'open',
  answer: {
    status: 200,
    description: 'The codes.',
    schema: z.strictObject({ errors: z.array(errorShape) }),
  },
  problems: [],
  handle: async () => ({ body: { errors: errorCodeSchema.options.map(describeError) } }),
});

const getError = route({
  method: 'get',
  path: '/api/errors/{code}',
  operation: 'getError',
  tag: 'Service',
  summary: 'What an error code means; the `type` of a problem leads here',
  access: 'open',
  params: z.strictObject({ code: z.string().max(100) }),
  answer: { status: 200, description: 'The code.', schema: errorShape },
  problems: ['not-found'],
  async handle({ params }) {
    const code = errorCodeSchema.safeParse(params.code);
    if (!code.success)
      throw new OneginError('not-found', `there is no error code ${JSON.stringify(params.code)}`);
    return { body: describeError(code.data) };
  },
});

export const serviceRoutes = [getHealth, getReady, getMetrics, getSite, listErrors, getError];
