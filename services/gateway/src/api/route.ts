/**
 * What a route of the API is. One table of these drives Express, the OpenAPI document and access control, so that
 * none of the three can miss a route. The table is static; what the handlers work with is bound to it later.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { ErrorCode } from '@onegin/contracts';
import type { AccessSettings } from '../access/access-settings.ts';
import type { Access, Caller } from '../access/caller.ts';
import type { Client } from '../access/client.ts';

export const tags = ['Jobs', 'Trials', 'Model', 'Catalogue', 'Access', 'Service'] as const;

export interface JsonAnswer<Body> {
  readonly status?: number;
  readonly body: Body;
  readonly headers?: Record<string, string>;
  /** Makes it a download under this name. */
  readonly fileName?: string;
}

export interface FileAnswer {
  /** What is sent, whole or as a stream; read only if it is sent (not for HEAD, nor if the client has it already). */
  readonly content: () => Promise<Buffer | string | Readable>;
  readonly contentType: string;
  /** The same compressed, for clients that accept gzip. */
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
  /** Null for open routes. */
  readonly caller: Caller | null;
}

type AnswerSpec<Body extends z.ZodType> =
  | { readonly status: 200 | 201 | 202; readonly description: string; readonly schema: Body }
  | {
      readonly status: 200;
      readonly description: string;
      readonly contentTypes: readonly string[];
      /** Schema of a JSON file. */
      readonly documents?: z.ZodType;
    };

/** A route as the outside sees it. */
export interface RouteInfo<
  Params extends z.ZodType = z.ZodObject,
  Query extends z.ZodType = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  readonly method: 'get' | 'post' | 'delete';
  /** In OpenAPI's form, `/api/jobs/{jobId}`. */
  readonly path: `/${string}`;
  /** Unique name of the operation. */
  readonly operation: string;
  readonly tag: (typeof tags)[number];
  readonly summary: string;
  /** Who may call it: anyone (probes, documentation, signing in), or callers with at least this scope. */
  readonly access: Access;
  /** For a route that the operator may open to anyone: whether the settings do. */
  readonly opened?: (settings: AccessSettings) => boolean;
  /** A probe, exempt from the rate limits. */
  readonly unlimited?: true;
  /** What can go wrong besides invalid input. */
  readonly problems: readonly ErrorCode[];
  readonly params?: Params;
  readonly query?: Query;
  readonly headers?: z.ZodObject;
  readonly body?: Body;
  /** Such as `1mb`. */
  readonly largestBody?: string;
  readonly answer: AnswerSpec<Answer>;
}

/** Its handler is typed by its schemas. */
interface RouteSpec<
  Deps,
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Answer extends z.ZodType,
> extends RouteInfo<Params, Query, Body, Answer> {
  handle(
    call: Call<z.output<Params>, z.output<Query>, z.output<Body>>,
    deps: Deps,
  ): Promise<JsonAnswer<z.input<Answer>> | FileAnswer>;
}

type Handler<Args extends unknown[]> = (
  call: Call<unknown, unknown, unknown>,
  ...deps: Args
) => Promise<JsonAnswer<unknown> | FileAnswer>;

/** A route and what its handler works with. */
export type Route<Deps> = RouteInfo & { readonly handle: Handler<[Deps]> };
export type BoundRoute = RouteInfo & { readonly handle: Handler<[]> };

/** Makes routes whose handlers work with `Deps`. */
export const routesWith =
  <Deps>() =>
  <
    Params extends z.ZodObject = z.ZodObject,
    Query extends z.ZodObject = z.ZodObject,
    Body extends z.ZodType = z.ZodUndefined,
    Answer extends z.ZodType = z.ZodNever,
  >(
    spec: RouteSpec<Deps, Params, Query, Body, Answer>,
  ): Route<Deps> =>
    spec as unknown as Route<Deps>;

type RouteGroups = Readonly<Record<string, readonly Route<never>[]>>;
type DepsOf<Group> = Group extends readonly Route<infer Deps>[] ? Deps : never;

/** Gives every group of routes what its handlers work with. */
export const bindRoutes = <Groups extends RouteGroups>(
  groups: Groups,
  deps: { readonly [Name in keyof Groups]: DepsOf<Groups[Name]> },
): BoundRoute[] =>
  Object.entries(groups).flatMap(([name, group]) =>
    group.map((route): BoundRoute => ({
      ...route,
      handle: (call) => route.handle(call, deps[name] as never),
    })),
  );

export const isFileAnswer = (answer: JsonAnswer<unknown> | FileAnswer): answer is FileAnswer =>
  'content' in answer;

/** `/api/jobs/{jobId}` as Express writes it: `/api/jobs/:jobId`. */
export const expressPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');
