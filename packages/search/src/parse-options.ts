/** Options that don't fit their schema become one error that names every wrong field. */
import { fieldProblems } from '@onegin/contracts';
import type { z } from 'zod';
import { SearchError, type SearchErrorCode } from './search-error.ts';

/**
 * The parsed value, with defaults filled in.
 * @throws SearchError such as "pruner.reduction: expected a number of at least 2, found 1"
 */
export function parseOptions<S extends z.ZodType>(
  schema: S,
  value: unknown,
  what: string,
  code: SearchErrorCode,
): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = fieldProblems(parsed.error, value).map(({ field, expected, found }) => ({
    field: field ? `${what}.${field}` : what,
    text: `${expected}, found ${found}`,
  }));
  const message = problems.map(({ field, text }) => `${field}: ${text}`).join('; ');
  throw new SearchError(code, `${message}.`, problems[0]?.field);
}
