/** Why a dataset can't be used. `code` is the stable code of contracts; `problem` says which kind of it. */
export type DatasetProblem =
  | 'unknown-name'
  | 'file-missing'
  | 'download-failed'
  | 'checksum-mismatch'
  | 'truncated'
  | 'wrong-format'
  | 'label-outside-classes'
  | 'unsafe-path'
  | 'too-large'
  | 'too-few-samples'
  | 'too-few-classes'
  | 'no-words'
  | 'cache-not-writable';

export type DatasetErrorCode = 'dataset-unknown' | 'dataset-unavailable' | 'dataset-invalid';

/** Another attempt, or another machine, may help against these; the rest is wrong with the data itself. */
const CODE_OF: Partial<Record<DatasetProblem, DatasetErrorCode>> = {
  'unknown-name': 'dataset-unknown',
  'file-missing': 'dataset-unavailable',
  'download-failed': 'dataset-unavailable',
  'cache-not-writable': 'dataset-unavailable',
};

export interface DatasetErrorDetails {
  /** The file (or the entry inside an archive) that is wrong. */
  file?: string;
  expected?: string;
  found?: string;
  cause?: unknown;
}

export class DatasetError extends Error {
  override readonly name = 'DatasetError';
  readonly code: DatasetErrorCode;
  readonly problem: DatasetProblem;
  readonly retryable: boolean;
  readonly file: string | undefined;
  readonly expected: string | undefined;
  readonly found: string | undefined;

  /** The message reads "what: expected …, found …", so that nobody needs the fields to understand it. */
  constructor(problem: DatasetProblem, what: string, details: DatasetErrorDetails = {}) {
    const { file, expected, found, cause } = details;
    const facts = [expected && `expected ${expected}`, found && `found ${found}`].filter(Boolean).join(', ');
    super(`${file ? `${file}: ` : ''}${what}${facts ? `: ${facts}` : ''}`, { cause });
    this.code = CODE_OF[problem] ?? 'dataset-invalid';
    this.problem = problem;
    this.retryable = this.code === 'dataset-unavailable';
    this.file = file;
    this.expected = expected;
    this.found = found;
  }
}

/** The disk is full, or the folder may not be written; the system says which. */
export function notWritable(path: string, cause: unknown): DatasetError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DatasetError('cache-not-writable', `cannot be kept (${reason})`, { file: path, cause });
}
