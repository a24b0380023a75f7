/**
 * What a route of the API is. One table of these drives Express, the OpenAPI document and access control, so that
 * none of the three can forget a route.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { ErrorCode } from '@onegin/contracts';
import type { AccessSettings } from '../access/access-settings.ts';
import type { Access, Caller } from '../access/caller.ts';
import type { Client } from '../access/client.ts';
import type { GatewayParts } from '../gateway-parts.ts';

export const tags = ['Jobs', 'Trials', 'Model', 'Catalogue', 'Access', 'Service'] as const;

export interface JsonAnswer<Body> {
  readonly status?: number;
  readonly body: Body;
  readonly headers?: Record<string, string>;
  /** Makes it a download under this name. */
  readonly fileName?: string;
}

export interface FileAnswer {
  /** What is sent, whole or as a stream; asked for only where it is sent (not for HEAD, nor where nothing changed). */
  readonly content: () => Promise<Buffer | string | Readable>;
  readonly contentType: string;
  /** The same compressed, for who says that it takes that. */
  readonly gzipped?: () => Promise<Buffer>;
  readonly bytes?: number;
  /** Strong validator, without quotes: the content's checksum. */
  readonly etag?: string;
  readonly fileName?: string;
}

/** Validated input of a call. */
export interface Call<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** The body as it was sent, before defaults were filled in. */
  readonly rawBody: unknown;
  readonly headers: IncomingHttpHeaders;
  readonly requestId: string;
  readonly client: Client;
  /** Null where the route is open to anyone. */
  readonly caller: Caller | null;
}

type AnswerSpec<Body extends z.ZodType> =
  | { readonly status: 200 | 201 | 202; readonly description: string; readonly schema: Body }
  | {
      readonly status: 200;
      readonly description: string;
      readonly contentTypes: readonly string[];
      /** What is in a JSON file. */
      readonly documents?: z.ZodType;
    };

interface RouteBase {
  readonly method: 'get' | 'post' | 'delete';
  /** In OpenAPI's form, `/api/jobs/{jobId}`. */
  readonly path: `/${string}`;
  /** Unique name of the operation. */
  readonly operation: string;
  readonly tag: (typeof tags)[number];
  readonly summary: string;
  /** Who may call: anyone (probes, documentation, signing in), or callers of at least this scope. */
  readonly access: Access;
  /** Where the operator may open it to anyone: whether that was done. */
  readonly opened?: (settings: AccessSettings) => boolean;
  /** A probe: answered however often it comes. */
  readonly uncounted?: true;
  /** What can go wrong beyond invalid input. */
  readonly problems: readonly ErrorCode[];
}

interface RouteSpec<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Answer extends z.ZodType,
> extends RouteBase {
  readonly params?: Params;
  readonly query?: Query;
  readonly headers?: z.ZodObject;
  readonly body?: Body;
  /** Such as `1mb`. */
  readonly largestBody?: string;
  readonly answer: AnswerSpec<Answer>;
  handle(
    call: Call<z.output<Params>, z.output<Query>, z.output<Body>>,
    parts: GatewayParts,
  ): Promise<JsonAnswer<z.input<Answer>> | FileAnswer>;
}

/** A route whose input and answer types no longer matter to the caller. */
export interface Route extends RouteBase {
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly largestBody?: string;
  readonly answer: AnswerSpec<z.ZodType>;
  handle(
    call: Call<unknown, unknown, unknown>,
    parts: GatewayParts,
  ): Promise<JsonAnswer<unknown> | FileAnswer>;
}

/** Types a route's handler by its schemas. */
export function route<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodNever,
>(spec: RouteSpec<Params, Query, Body, Answer>): Route {
  return spec as unknown as Route;
}

export const isFileAnswer = (answer: JsonAnswer<unknown> | FileAnswer): answer is FileAnswer =>
  'content' in answer;

/** `/api/jobs/{jobId}` as Express writes it: `/api/jobs/:jobId`. */
export const expressPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');
