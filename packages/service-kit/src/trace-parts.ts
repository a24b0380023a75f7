/** What traces are made of, whether a process records them or only propagates them. */
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
  /** Where the current work stands in its trace, in the form of W3C's `traceparent`; undefined: nowhere. */
  place(): string | undefined;
  /** The id of the current trace, for log lines. */
  traceId(): string | undefined;
  serve(method: string, headers: IncomingHttpHeaders): ServedRequest;
  /** Work as part of the current span. */
  within<T>(name: string, attributes: SpanAttributes, work: () => Promise<T>): Promise<T>;
  /** Work as a part of the trace at a place; linked with the current span. */
  at<T>(
    place: string | undefined,
    name: string,
    attributes: SpanAttributes,
    work: () => Promise<T>,
  ): Promise<T>;
  /** Work that has just ended, as part of the current span. */
  ended(name: string, seconds: number, attributes: SpanAttributes): void;
  /** Sends what was not sent yet. */
  close(): Promise<void>;
}
