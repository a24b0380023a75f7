/** Tracing with OpenTelemetry's SDK, sent by OTLP over HTTP. Loaded only where traces are wanted. */
import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes, Context, Span } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  SamplingDecision,
  TracerProvider,
  type Sampler,
} from '@opentelemetry/sdk-trace';
import { BullMQOtel } from 'bullmq-otel';
import type { ServedRequest, Tracing } from './trace-parts.ts';

const NAME = 'onegin';
const METHOD = 'http.request.method';
/** A trace is looked at while its study runs. */
const SEND_EVERY_MS = 1000;
const SEND_WITHIN_MS = 5000;

/** A trace begins with a request that changes something. Timers and reads begin none. */
const requests: Sampler = {
  shouldSample: (_context, _traceId, _name, _kind, attributes) => ({
    decision:
      attributes[METHOD] === 'POST' ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD,
  }),
  toString: () => 'Requests',
};

export function openTelemetryTracing(component: string, endpoint: string): Tracing {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': `${NAME}-${component}` }),
    sampler: new ParentBasedSampler({ root: requests }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` }),
        scheduledDelayMillis: SEND_EVERY_MS,
        exportTimeoutMillis: SEND_WITHIN_MS,
      }),
    ],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  const tracer = trace.getTracer(NAME);

  const inside = <T>(span: Span, parent: Context, work: () => Promise<T>): Promise<T> =>
    context.with(trace.setSpan(parent, span), async () => {
      try {
        return await work();
      } catch (error) {
        span.recordException(error instanceof Error ? error : String(error));
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });

  return {
    telemetry: new BullMQOtel({ tracerName: NAME }),
    place: () => {
      const carrier: { traceparent?: string } = {};
      propagation.inject(context.active(), carrier);
      return trace.getActiveSpan()?.isRecording() ? carrier.traceparent : undefined;
    },
    traceId: () => {
      const span = trace.getActiveSpan();
      return span?.isRecording() ? span.spanContext().traceId : undefined;
    },
    serve: (method, headers) => {
      const parent = propagation.extract(ROOT_CONTEXT, headers);
      const options = { kind: SpanKind.SERVER, attributes: { [METHOD]: method } };
      return served(tracer.startSpan(method, options, parent), parent);
    },
    within: (name, attributes, work) => {
      const parent = context.active();
      return inside(tracer.startSpan(name, { attributes: { ...attributes } }, parent), parent, work);
    },
    at: (place, name, attributes, work) => {
      if (place === undefined) return work();
      const parent = propagation.extract(ROOT_CONTEXT, { traceparent: place });
      const here = trace.getActiveSpan()?.spanContext();
      const links = here ? [{ context: here }] : [];
      return inside(tracer.startSpan(name, { attributes: { ...attributes }, links }, parent), parent, work);
    },
    ended: (name, seconds, attributes) => {
      const startTime = Date.now() - seconds * 1000;
      tracer.startSpan(name, { startTime, attributes: { ...attributes } satisfies Attributes }).end();
    },
    // What cannot be sent is no reason to end badly.
    close: () => provider.shutdown().catch(() => undefined),
  };
}

const served = (span: Span, parent: Context): ServedRequest => ({
  run: (work) => context.with(trace.setSpan(parent, span), work),
  end: ({ name, status }) => {
    span.updateName(name);
    span.setAttribute('http.response.status_code', status);
    if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  },
});
