/** From any error to a problem answer of RFC 9457. Only errors with a code of ours say more than their code. */
import { errorCodes, OneginError, type ErrorCode, type FieldProblem, type Problem } from '@onegin/contracts';

/** So many wrong fields are named; the detail says how many there were. */
const MOST_FIELDS = 100;
const LONGEST_DETAIL = 2000;
/** After so many seconds another try may help. */
export const RETRY_AFTER_SECONDS = 2;

export const problemType = (code: ErrorCode): string => `/api/errors/${code}`;

export function makeProblem(
  code: ErrorCode,
  detail: string,
  { errors = [], instance }: { errors?: readonly FieldProblem[]; instance?: string } = {},
): Problem {
  const { status, title } = errorCodes[code];
  const left = errors.length - MOST_FIELDS;
  const cut = detail.length > LONGEST_DETAIL ? `${detail.slice(0, LONGEST_DETAIL)}…` : detail;
  return {
    type: problemType(code),
    title,
    status,
    detail: left > 0 ? `${cut} (and ${left} more wrong fields)` : cut,
    code,
    ...(instance !== undefined && { instance }),
    ...(errors.length > 0 && { errors: errors.slice(0, MOST_FIELDS) }),
  };
}

/** The problem that a thrown error is; `internal` says nothing of an error that is not ours. */
export function problemOf(error: unknown, instance?: string): Problem {
  const known = asOneginError(error);
  if (known)
    return makeProblem(known.code, known.message, { errors: known.problems, ...(instance && { instance }) });
  return makeProblem('internal', 'The gateway could not answer; its log says why.', {
    ...(instance && { instance }),
  });
}

function asOneginError(error: unknown): OneginError | null {
  if (error instanceof OneginError) return error;
  return clientError(error) ?? redisError(error);
}

/** What Express and its body parser refuse before a handler runs. */
function clientError(error: unknown): OneginError | null {
  if (!(error instanceof Error)) return null;
  const { status, type } = error as Error & { status?: unknown; type?: unknown };
  if (typeof status !== 'number' || status < 400 || status >= 500) return null;
  if (status === 413) return new OneginError('payload-too-large', 'the request body is larger than allowed');
  if (status === 415) return new OneginError('unsupported-media-type', error.message);
  if (type === 'entity.parse.failed')
    return new OneginError('request-invalid', `the request body is not JSON: ${error.message}`, {
      problems: [{ field: '', expected: 'expected valid JSON', found: error.message }],
    });
  return new OneginError('request-invalid', error.message);
}

/** ioredis has no error class for a lost connection; these names and codes are what it throws. */
const LOST_REDIS_NAMES = new Set(['MaxRetriesPerRequestError', 'ClusterAllFailedError']);
const LOST_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);
const LOST_REDIS_TEXTS =
  /Connection is closed|Command timed out|enableOfflineQueue|Connection is in closing|^LOADING |^MASTERDOWN |^CLUSTERDOWN /;

function redisError(error: unknown): OneginError | null {
  if (!(error instanceof Error)) return null;
  const { code } = error as Error & { code?: unknown };
  if (error.message.startsWith('OOM '))
    return new OneginError('redis-full', 'Redis is out of memory and takes no writes', { cause: error });
  if (
    LOST_REDIS_NAMES.has(error.name) ||
    LOST_REDIS_TEXTS.test(error.message) ||
    (typeof code === 'string' && LOST_CODES.has(code) && 'command' in error)
  )
    return new OneginError('redis-unavailable', 'Redis cannot be reached at the moment', { cause: error });
  return null;
}
