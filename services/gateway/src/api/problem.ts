/** Turns any error into a problem of RFC 9457. Only our own errors reveal more than their code. */
import { errorCodes, OneginError, type ErrorCode, type FieldProblem, type Problem } from '@onegin/contracts';
import { redisErrorCode } from '@onegin/service-kit';

/** More wrong fields than this are only counted. */
const MOST_FIELDS = 100;
const LONGEST_DETAIL = 2000;
/** When a retry may help. */
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

/** An error that is not ours becomes `internal`, without its message. */
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

/** Errors of Express and its body parser. */
function clientError(error: unknown): OneginError | null {
  if (typeof error !== 'object' || error === null) return null;
  const { status, type, message } = error as { status?: unknown; type?: unknown; message?: unknown };
  if (typeof status !== 'number' || status < 400 || status >= 500) return null;
  if (status === 413) return new OneginError('payload-too-large', 'the request body is larger than allowed');
  const text = typeof message === 'string' ? message : 'the request is not valid';
  if (status === 415) return new OneginError('unsupported-media-type', text);
  if (type === 'entity.parse.failed')
    return new OneginError('request-invalid', `the request body is not JSON: ${text}`, {
      problems: [{ field: '', expected: 'expected valid JSON', found: text }],
    });
  return new OneginError('request-invalid', text);
}

/** Errors of the gateway's own connections; the study log maps its errors itself. */
function redisError(error: unknown): OneginError | null {
  const code = redisErrorCode(error);
  if (code === null) return null;
  const text =
    code === 'redis-full'
      ? 'Redis is out of memory and takes no writes'
      : 'Redis cannot be reached at the moment';
  return new OneginError(code, text, { cause: error });
}
