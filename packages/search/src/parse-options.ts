/** Options that don't fit their schema become one error that names every wrong field. */
import { SearchError, type SearchErrorCode } from './search-error.ts';

/** What of a zod schema is needed here, so that this package needs no zod of its own. */
interface Schema<T> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: readonly { message: string; path: readonly PropertyKey[] }[] } };
}

/**
 * The parsed value, with defaults filled in.
 * @throws SearchError such as "pruner.reduction: Too small: expected number to be >=2 (found 1)"
 */
export function parseOptions<T>(schema: Schema<T>, value: unknown, what: string, code: SearchErrorCode): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const field = (path: readonly PropertyKey[]) => [what, ...path.map(String)].join('.');
  const problems = issues.map(
    ({ path, message }) => `${field(path)}: ${message} (found ${found(value, path)})`,
  );
  throw new SearchError(code, problems.join('; '), field(issues[0].path));
}

function found(value: unknown, path: readonly PropertyKey[]): string {
  let at = value;
  for (const key of path) at = (at as Record<PropertyKey, unknown> | null | undefined)?.[key];
  if (typeof at === 'number') return String(at);
  return at === undefined ? 'nothing' : JSON.stringify(at);
}
