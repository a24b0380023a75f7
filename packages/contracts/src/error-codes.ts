/**
 * Every error code that crosses a process or reaches a user: stable, with what it means, whether another
 * attempt can help, and the HTTP status a gateway answers with. Messages may change, codes don't.
 */
import * as z from 'zod';

interface ErrorCodeInfo {
  readonly status: number;
  readonly retryable: boolean;
  readonly title: string;
}

const code = (status: number, title: string, retryable = false): ErrorCodeInfo => ({
  status,
  title,
  retryable,
});
const RETRYABLE = true;

export const errorCodes = {
  'request-invalid': code(400, 'The request is not valid'),
  'dataset-unknown': code(400, 'There is no dataset of this name'),
  unauthorized: code(401, 'A valid key is needed'),
  forbidden: code(403, 'The key does not allow this'),
  'not-found': code(404, 'There is nothing at this address'),
  'job-unknown': code(404, 'There is no job with this id'),
  'key-unknown': code(404, 'There is no key with this id'),
  'trial-unknown': code(404, 'There is no trial of this number'),
  'artifact-missing': code(404, 'The artifact is not in the store'),
  'model-not-ready': code(409, 'The model does not exist yet'),
  'method-not-allowed': code(405, 'The address does not take this method'),
  'job-ended': code(409, 'The job has ended'),
  'trial-ended': code(409, 'The trial has ended'),
  'trial-not-paused': code(409, 'The trial is not paused'),
  'idempotency-conflict': code(409, 'The idempotency key belongs to another request'),
  'transition-refused': code(409, 'The state does not allow this change'),
  'newer-version': code(409, 'A newer version of Onegin wrote it'),
  'payload-too-large': code(413, 'The request body is too large'),
  'unsupported-media-type': code(415, 'The request body has a type that is not taken'),
  'too-many-requests': code(429, 'Too many requests', RETRYABLE),
  internal: code(500, 'Something went wrong inside Onegin', RETRYABLE),
  'artifact-corrupt': code(502, 'The artifact does not match its checksum', RETRYABLE),
  'redis-unavailable': code(503, 'Redis cannot be reached', RETRYABLE),
  'redis-full': code(503, 'Redis is out of memory', RETRYABLE),
  'storage-unavailable': code(503, 'The artifact store cannot be reached', RETRYABLE),
  'shutting-down': code(503, 'The service is ending', RETRYABLE),
  'storage-full': code(507, 'The artifact store is full', RETRYABLE),
  'storage-denied': code(500, 'The artifact store refuses to write'),
  'config-invalid': code(500, 'The configuration is not valid'),
  'port-in-use': code(500, 'The port is taken by another program'),

  // Why an attempt at a trial failed.
  'params-invalid': code(422, 'The parameters describe no network'),
  'network-impossible': code(422, 'The network cannot be built'),
  'objective-not-finite': code(422, 'The objective is not a finite number'),
  diverged: code(422, 'Training diverged'),
  'out-of-memory': code(500, 'Training ran out of memory', RETRYABLE),
  'dataset-unavailable': code(503, 'The dataset cannot be loaded', RETRYABLE),
  'dataset-invalid': code(422, 'The dataset is damaged or has the wrong form'),
  'trainer-lost': code(500, 'The trainer died while training', RETRYABLE),
  'training-process-died': code(500, 'The training process ended unexpectedly', RETRYABLE),
  'training-hung': code(500, 'Training made no step for too long', RETRYABLE),
  'time-limit': code(500, 'The time limit passed'),
  'checkpoint-unfit': code(422, 'The checkpoint is damaged or of another trial'),
  'engine-unavailable': code(503, 'The trainer has no engine for this', RETRYABLE),
  'training-failed': code(500, 'Training failed', RETRYABLE),

  // Why a job failed.
  'no-trial-completed': code(422, 'No trial completed'),
  'final-model-failed': code(500, 'The final model could not be made'),
  'plots-failed': code(500, 'The charts could not be rendered', RETRYABLE),
} as const satisfies Record<string, ErrorCodeInfo>;

export type ErrorCode = keyof typeof errorCodes;
export const errorCodeSchema = z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]);

export const isErrorCode = (value: unknown): value is ErrorCode =>
  typeof value === 'string' && Object.hasOwn(errorCodes, value);

/** Whether another attempt can help; also for a code that only another version knows. */
export const isRetryable = (code: string): boolean => !isErrorCode(code) || errorCodes[code].retryable;

/** What failed, for people and programs. */
export const failureSchema = z.strictObject({
  code: errorCodeSchema,
  message: z.string().max(4000),
});
export type Failure = z.infer<typeof failureSchema>;

/** One wrong field: where it is, what was expected, what was found. */
export const fieldProblemSchema = z.strictObject({
  field: z.string(),
  expected: z.string(),
  found: z.string(),
});
export type FieldProblem = z.infer<typeof fieldProblemSchema>;

/** Problem answer of RFC 9457, with the code and the fields as extension members. */
export const problemSchema = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: errorCodeSchema,
  instance: z.string().optional(),
  errors: z.array(fieldProblemSchema).optional(),
});
export type Problem = z.infer<typeof problemSchema>;
