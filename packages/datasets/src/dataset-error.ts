import { messageOf, OneginError, type ErrorCode } from '@onegin/contracts';

interface DatasetProblem {
  /** The file (or the entry inside an archive) that is wrong. */
  file?: string;
  expected?: string;
  /** Default: what the cause says. */
  found?: string;
  cause?: unknown;
}

/**
 * Why a dataset can't be used. `dataset-unavailable`: another attempt, or another machine, may help;
 * `dataset-invalid`: the data itself is wrong. The message reads "file: what: expected …, found …".
 */
export function datasetError(
  code: Extract<ErrorCode, `dataset-${string}`>,
  what: string,
  {
    file = '',
    expected = '',
    cause,
    found = cause === undefined ? '' : messageOf(cause),
  }: DatasetProblem = {},
): OneginError {
  const facts = [expected && `expected ${expected}`, found && `found ${found}`].filter(Boolean).join(', ');
  return new OneginError(code, `${file && `${file}: `}${what}${facts && `: ${facts}`}`, {
    problems: [{ field: file, expected: expected ? `expected ${expected}` : what, found }],
    cause,
  });
}

/** The data itself is wrong; the message as above. */
export const invalidData = (what: string, facts?: DatasetProblem): OneginError =>
  datasetError('dataset-invalid', what, facts);

/** The disk is full, or the folder may not be written; the system says which. */
export const notWritable = (path: string, cause: unknown): OneginError =>
  new OneginError('dataset-unavailable', `${path}: cannot be kept (${messageOf(cause)})`, { cause });
