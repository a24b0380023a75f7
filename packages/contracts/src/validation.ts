/** Turns zod's issues into sentences for people: every wrong field, what was expected, what was found. */
import * as z from 'zod';
import type { ErrorCode, Failure, FieldProblem } from './error-codes.ts';

type Issue = z.core.$ZodIssue;

const LONGEST_FAILURE = 2000;

/** An error with a stable code that may be shown to users; `problems` lists every wrong field. */
export class OneginError extends Error {
  readonly code: ErrorCode;
  readonly problems: readonly FieldProblem[];
  /** When another attempt is worth it, where that is known. */
  readonly retryAfterSeconds: number | null;

  constructor(
    code: ErrorCode,
    message: string,
    options: { problems?: readonly FieldProblem[]; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'OneginError';
    this.code = code;
    this.problems = options.problems ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}

/** What an error says to people. Zod's own message is JSON; its issues become sentences. */
export function messageOf(error: unknown): string {
  if (error instanceof z.ZodError)
    return error.issues.map((issue) => `${fieldName(issue.path)}: ${expectation(issue)}`).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** What failed, as the log keeps it. @param otherwise the code where the error has none of ours */
export const failureOf = (error: unknown, otherwise: ErrorCode): Failure => ({
  code: error instanceof OneginError ? error.code : otherwise,
  message: messageOf(error).slice(0, LONGEST_FAILURE),
});

/**
 * Parses with a schema; throws OneginError with every wrong field named.
 * @param what names the whole in the message: "the request", "trial 4".
 */
export function parseOrThrow<S extends z.ZodType>(
  schema: S,
  input: unknown,
  what: string,
  code: ErrorCode = 'request-invalid',
): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw invalid(what, fieldProblems(result.error, input), code);
}

/** The error whose message names all of these fields, and the whole where the problem is of no field. */
export function invalid(
  what: string,
  problems: readonly FieldProblem[],
  code: ErrorCode = 'request-invalid',
): OneginError {
  const text = problems.map(({ field, expected, found }) => `${field || what}: ${expected}, found ${found}`);
  return new OneginError(code, `${what} is not valid: ${text.join('; ')}`, { problems });
}

export const fieldProblems = (error: z.ZodError, input: unknown): FieldProblem[] =>
  error.issues.flatMap((issue) => problemsOf(issue, input));

/** What a union of named options says to a name that none of them has: the names there are. */
export const unknownName = (kind: string, names: readonly string[]) => ({
  error: ({ code }: { readonly code?: string }) =>
    code === 'invalid_union' ? `expected the name of a ${kind}: ${names.join(', ')}` : undefined,
});

/** A wrong field that no schema can tell. @param expected reads on from "expected" */
export const wrongField = (field: string, expected: string, found: unknown): FieldProblem => ({
  field,
  expected: `expected ${expected}`,
  found: show(found),
});

function problemsOf(issue: Issue, input: unknown): FieldProblem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      field: fieldName([...issue.path, key]),
      expected: 'expected no field of this name',
      found: show(valueAt(input, [...issue.path, key])),
    }));
  // In a union, the option that got furthest says best what is wrong.
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const furthest = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0]!;
    if (depth(furthest) > 0)
      return furthest.flatMap((inner) =>
        problemsOf({ ...inner, path: [...issue.path, ...inner.path] } as Issue, input),
      );
  }
  return [
    { field: fieldName(issue.path), expected: expectation(issue), found: show(valueAt(input, issue.path)) },
  ];
}

const depth = (issues: readonly Issue[]): number => Math.max(0, ...issues.map((issue) => issue.path.length));

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected}`;
    case 'invalid_value':
      return `expected ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map((v) => JSON.stringify(v)).join(', ')}`;
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? `expected at least ${issue.minimum} ${issue.origin === 'string' ? 'characters' : 'items'}`
        : `expected a number ${issue.inclusive ? 'of at least' : 'above'} ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'string' || issue.origin === 'array'
        ? `expected at most ${issue.maximum} ${issue.origin === 'string' ? 'characters' : 'items'}`
        : `expected a number ${issue.inclusive ? 'of at most' : 'below'} ${issue.maximum}`;
    case 'invalid_union':
      // Zod's own words say nothing; a schema's do.
      return issue.message === 'Invalid input' ? 'expected one of the allowed forms' : issue.message;
    default:
      return issue.message;
  }
}

const fieldName = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (name, part) =>
      typeof part === 'number' ? `${name}[${part}]` : name ? `${name}.${String(part)}` : String(part),
    '',
  );

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, part) => {
    if (value === null || value === undefined) return undefined;
    // Where a short form stands (a name instead of an object), it is what was found.
    return typeof value === 'object' ? (value as Record<PropertyKey, unknown>)[part] : value;
  }, input);
}

/** A short form of what was found; NaN and infinities are named, long values are cut. */
function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return typeof value;
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
