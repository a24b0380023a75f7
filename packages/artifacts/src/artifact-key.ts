/** What a key may look like, the same for every store, so that a study can move between them. */
import { OneginError } from '@onegin/contracts';

/** S3 allows 1024 bytes; a part of a path on disk 255. */
const MAX_KEY_BYTES = 1024;
const MAX_SEGMENT_BYTES = 255;

/** Unfinished writes of the folder store lie here; no key may point into it. */
export const TEMPORARY_FOLDER = '.tmp';

/**
 * Returns the key when a folder and an S3 bucket can both hold it.
 * @throws OneginError `request-invalid`; among others for keys that would climb out of a folder.
 */
export function checkKey(key: string): string {
  const wrong = problemOf(key);
  if (wrong)
    throw new OneginError(
      'request-invalid',
      `the artifact key ${JSON.stringify(key)} is not valid: ${wrong}`,
    );
  return key;
}

function problemOf(key: string): string | undefined {
  if (key === '') return 'expected at least one character';
  if (Buffer.byteLength(key) > MAX_KEY_BYTES)
    return `expected at most ${MAX_KEY_BYTES} bytes, found ${Buffer.byteLength(key)}`;
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f\\]/.test(key)) return 'expected no backslash and no control character';
  if (!key.isWellFormed()) return 'expected well-formed Unicode';
  const segments = key.split('/');
  if (segments.includes('')) return 'expected names separated by single slashes, none at the ends';
  if (segments.some((segment) => segment === '.' || segment === '..')) return 'expected no "." and no ".."';
  if (segments[0] === TEMPORARY_FOLDER) return `${TEMPORARY_FOLDER}/ belongs to the store`;
  if (segments.some((segment) => Buffer.byteLength(segment) > MAX_SEGMENT_BYTES))
    return `expected at most ${MAX_SEGMENT_BYTES} bytes between two slashes`;
  return undefined;
}

/**
 * Returns the prefix when keys can begin with it.
 * @throws OneginError `request-invalid`
 */
export function checkPrefix(prefix: string): string {
  // What follows a prefix is open: "runs/" and "runs/tri" both are beginnings of valid keys.
  if (prefix !== '') checkKey(prefix.endsWith('/') ? `${prefix}x` : prefix);
  return prefix;
}

/**
 * Like checkPrefix, for removal: the empty prefix would remove everything.
 * @throws OneginError `request-invalid`
 */
export function checkRemovalPrefix(prefix: string): string {
  if (prefix === '')
    throw new OneginError('request-invalid', 'the prefix to remove is empty, which would remove everything');
  return checkPrefix(prefix);
}
