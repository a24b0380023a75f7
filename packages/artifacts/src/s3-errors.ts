/** Errors of the S3 client (minio 8: the `code` of S3's answer) in the words of the store; nothing else reads them. */
import { messageOf, OneginError, type ErrorCode } from '@onegin/contracts';

const MISSING = new Set(['NoSuchKey', 'NotFound', 'NoSuchVersion']);
const FULL = new Set([
  'XMinioStorageFull',
  'QuotaExceeded',
  'XMinioAdminBucketQuotaExceeded',
  'InsufficientStorage',
]);
const DENIED = new Set([
  'AccessDenied',
  'AllAccessDisabled',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'AuthorizationHeaderMalformed',
  'ExpiredToken',
  'InvalidToken',
  'RequestTimeTooSkewed',
  'MethodNotAllowed',
  'XMinioReadOnly',
]);
/** Answers that another attempt will not change. */
const LASTING = new Set([
  'NoSuchBucket',
  'InvalidBucketName',
  'BucketAlreadyExists',
  'EntityTooLarge',
  'PermanentRedirect',
  'MovedPermanently',
]);

export const s3CodeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? '');

export const isMissing = (error: unknown): boolean => MISSING.has(s3CodeOf(error));

/** Whether another attempt can help: the server was unreachable, slow, or at fault, or the connection broke. */
export function isTransient(error: unknown): boolean {
  if (error instanceof OneginError || error instanceof TypeError) return false;
  const code = s3CodeOf(error);
  return ![MISSING, FULL, DENIED, LASTING].some((codes) => codes.has(code));
}

/** @param where names the bucket and the server. */
export function s3StoreError(error: unknown, what: string, where: string): unknown {
  if (error instanceof OneginError) return error;
  const code = s3CodeOf(error);
  const [storeCode, why]: [ErrorCode, string] = FULL.has(code)
    ? ['storage-full', 'it is full']
    : DENIED.has(code)
      ? ['storage-denied', 'it refuses']
      : ['storage-unavailable', 'it does not serve'];
  const reason = `${code ? `${code}: ` : ''}${reasonOf(error)}`;
  return new OneginError(storeCode, `cannot ${what} in ${where}: ${why} (${reason})`, { cause: error });
}

/** Failed connections to several addresses of one name come as an AggregateError without a message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return messageOf(error);
}
