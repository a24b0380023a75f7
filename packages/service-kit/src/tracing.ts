/**
 * Traces of OpenTelemetry, from a request through the queues to each epoch. Off unless OTEL_EXPORTER_OTLP_ENDPOINT
 * says where to send them; then nothing of OpenTelemetry is loaded and every call here is a plain function call.
 *
 * One trace per study: its request's. The study's configuration carries the trace on, so that work which a timer
 * asked for belongs to it as well.
 */
import type { QueueOptions } from 'bullmq';
import type { IncomingHttpHeaders } from 'node:http';

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** A request that is being answered. */
export interface ServedRequest {
  /** Runs what answers it. */
  run(work: () => void): void;
  end(answer: { readonly name: string; readonly status: number }): void;
}

export interface Tracing {
  /** BullMQ's own, for queues and workers. */
  readonly telemetry: QueueOptions['telemetry'];
  /** Where the present work stands in its trace, in the form of W3C's `traceparent`; undefined: nowhere. */
  place(): string | undefined;
  /** The id of the present trace, for log lines. */
  traceId(): string | undefined;
  serve(method: string, headers: IncomingHttpHeaders): ServedRequest;
  /** Work as a part of what is under way. */
  within<T>(name: string, attributes: SpanAttributes, work: () => Promise<T>): Promise<T>;
  /** Work as a part of the trace at a place; it is linked with what is under way here. */
  at<T>(
    place: string | undefined,
    name: string,
    attributes: SpanAttributes,
    work: () => Promise<T>,
  ): Promise<T>;
  /** Work that has ended just now, as a part of what is under way. */
  ended(name: string, seconds: number, attributes: SpanAttributes): void;
  /** Sends what was not sent yet. */
  close(): Promise<void>;
}

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
