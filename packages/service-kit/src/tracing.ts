/**
 * Traces of OpenTelemetry, from a request through the queues to each epoch. Off unless OTEL_EXPORTER_OTLP_ENDPOINT
 * says where to send them; then nothing of OpenTelemetry is loaded and every call here is a plain function call.
 *
 * One trace per study: its request's. The study's configuration carries the trace on, so that work which a timer
 * asked for belongs to it as well.
 */
import type { ServedRequest, SpanAttributes, Tracing } from './trace-parts.ts';

export type { ServedRequest, SpanAttributes, Tracing };

const untraced: ServedRequest = { run: (work) => work(), end: () => undefined };

const off: Tracing = {
  telemetry: undefined,
  place: () => undefined,
  traceId: () => undefined,
  serve: () => untraced,
  within: (_name, _attributes, work) => work(),
  at: (_place, _name, _attributes, work) => work(),
  ended: () => undefined,
  close: async () => undefined,
};

/** Of the process, as OpenTelemetry's own context is. */
let current: Tracing = off;

export const tracing = (): Tracing => current;

/** To be called before queues and workers are made. @param endpoint undefined: traces stay off */
export async function startTracing(component: string, endpoint: string | undefined): Promise<Tracing> {
  if (endpoint === undefined) return off;
  const { openTelemetryTracing } = await import('./open-telemetry.ts');
  current = openTelemetryTracing(component, endpoint);
  return current;
}
