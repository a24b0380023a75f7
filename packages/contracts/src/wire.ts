/**
 * Messages between processes that may be of neighbouring versions, as they are during a rolling upgrade. A message says
 * which version wrote it; a reader keeps optional fields that it doesn't know, and leaves alone what it can't read.
 */
import type * as z from 'zod';
import { OneginError, parseOrThrow } from './validation.ts';

/**
 * Version of everything that crosses a process: raised when a field or an event is added or changes. Messages of
 * version 1 (Onegin 0.1) don't say theirs.
 */
export const WIRE_VERSION = 2;

/** The message as it is sent. */
export const stampVersion = <T extends object>(message: T): T & { version: number } => ({
  version: WIRE_VERSION,
  ...message,
});

export const versionOf = (message: unknown): number =>
  typeof message === 'object' && message !== null && 'version' in message ? Number(message.version) : 1;

/**
 * Reads a message that another process wrote.
 * @throws OneginError `newer-version` when a newer version wrote it and it can't be read; `internal` when it is
 * wrong in any other way
 */
export function parseMessage<S extends z.ZodType>(schema: S, message: unknown, what: string): z.output<S> {
  const version = versionOf(message);
  if (version <= WIRE_VERSION) return parseOrThrow(schema, message, what, 'internal');
  const { success, data } = schema.safeParse(message);
  if (success) return data;
  throw newerVersion(what, version);
}

/** @param what was found, such as `an entry of plots` */
export const newerVersion = (what: string, version: number): OneginError =>
  new OneginError(
    'newer-version',
    `${what} was written by a newer version (${version}) than this one (${WIRE_VERSION}); it waits for a service of that version`,
  );
