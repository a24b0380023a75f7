/** Maps what Redis and its client throw to the stable codes of contracts. */
import { OneginError, type ErrorCode } from '@onegin/contracts';

/** Error codes of Node's sockets that mean that the server was not reached. */
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** First words of Redis's error replies: part of its protocol, unlike the rest of the line. */
const REPLY_CODES: Readonly<Record<string, ErrorCode>> = {
  OOM: 'redis-full',
  MISCONF: 'redis-full',
  LOADING: 'redis-unavailable',
  READONLY: 'redis-unavailable',
  CLUSTERDOWN: 'redis-unavailable',
  MASTERDOWN: 'redis-unavailable',
  TRYAGAIN: 'redis-unavailable',
  NOAUTH: 'redis-unavailable',
  WRONGPASS: 'redis-unavailable',
};

/** ioredis gives these neither a code nor a class. */
const CLIENT_MESSAGES = ['Connection is closed', 'Command timed out', "Stream isn't writeable"];

/** The code of an error that Redis or its client threw; null for any other error. */
export function redisErrorCode(error: unknown): 'redis-unavailable' | 'redis-full' | null {
  if (!(error instanceof Error)) return null;
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== undefined && SOCKET_CODES.has(code)) return 'redis-unavailable';
  if (error.name === 'MaxRetriesPerRequestError' || error.name === 'ClusterAllFailedError')
    return 'redis-unavailable';
  if (CLIENT_MESSAGES.some((message) => error.message.startsWith(message))) return 'redis-unavailable';
  // The client puts nothing before the reply; a script's error brings it after its own words.
  const reply =
    /(?:^|\s)(OOM|MISCONF|LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|NOAUTH|WRONGPASS)\b/.exec(
      error.message,
    )?.[1];
  return reply ? (REPLY_CODES[reply] as 'redis-unavailable' | 'redis-full') : null;
}

/** The error as an OneginError: itself, one of Redis's codes, or `internal` with the first as its cause. */
export function toServiceError(error: unknown): OneginError {
  if (error instanceof OneginError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = redisErrorCode(error);
  if (code === 'redis-full')
    return new OneginError(code, `Redis refuses to write: ${message}`, { cause: error });
  if (code) return new OneginError(code, `Redis cannot be reached: ${message}`, { cause: error });
  return new OneginError('internal', message, { cause: error });
}

/** Runs a Redis command; whatever it throws comes out as an OneginError. */
export async function withServiceErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toServiceError(error);
  }
}
