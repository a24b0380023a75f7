/** What went wrong between the page and the gateway, in words for people. */
import { HttpErrorResponse } from '@angular/common/http';
import type { FieldProblem, Problem } from '@onegin/contracts';

export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** What the gateway said; null where it could not be reached or said something else. */
  readonly problem: Problem | null;

  constructor(message: string, problem: Problem | null, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }

  get fields(): readonly FieldProblem[] {
    return this.problem?.errors ?? [];
  }

  get code(): string {
    return this.problem?.code ?? 'unreachable';
  }
}

export const UNREACHABLE = 'Onegin cannot be reached. What runs goes on; try again in a moment.';

/** From whatever was thrown to an error that can be shown. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof HttpErrorResponse) return fromAnswer(error);
  return new ApiError(error instanceof Error ? error.message : String(error), null, { cause: error });
}

function fromAnswer(error: HttpErrorResponse): ApiError {
  if (error.status === 0) return new ApiError(UNREACHABLE, null, { cause: error });
  const body = bodyOf(error.error);
  if (isProblem(body)) return new ApiError(body.detail, body, { cause: error });
  // A proxy in between answered.
  return new ApiError(`The server answered ${error.status}. Try again in a moment.`, null, { cause: error });
}

function bodyOf(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** The gateway wrote it. Told by its words alone: the schema would bring all of zod along with the first page. */
const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' &&
  body !== null &&
  'code' in body &&
  typeof body.code === 'string' &&
  'detail' in body &&
  typeof body.detail === 'string' &&
  (!('errors' in body) || Array.isArray(body.errors));
