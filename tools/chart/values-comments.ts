/**
 * values.yaml as a tree of its keys with kind, default and description. A key's comment is `[kind] description`:
 * on its own line behind the value. Kinds: text, boolean, integer, `integer 1..9`, `a|b|c`, map, list, `list of K`.
 */
import { isMap, isScalar, parseDocument, type Pair } from 'yaml';

export interface Value {
  readonly path: readonly string[];
  readonly kind: string;
  readonly description: string;
  readonly default: unknown;
}

export interface Branch {
  readonly path: readonly string[];
  readonly children: ReadonlyMap<string, Branch | Value>;
}

export const isBranch = (node: Branch | Value): node is Branch => 'children' in node;

/** @throws Error for a value without a comment of this form */
export function parseValues(text: string): Branch {
  const document = parseDocument(text);
  if (!isMap(document.contents)) throw new Error('values.yaml: expected a map');
  const lines = text.split('\n');
  const lineOf = (offset: number): string => lines[text.slice(0, offset).split('\n').length - 1] ?? '';
  const branch = (items: readonly Pair[], path: readonly string[]): Branch => ({
    path,
    children: new Map(
      items.map((pair) => {
        const key = isScalar(pair.key) ? String(pair.key.value) : '';
        const offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
        return [key, node(pair, [...path, key], lineOf(offset))];
      }),
    ),
  });
  const node = (pair: Pair, path: readonly string[], line: string): Branch | Value => {
    const comment = /\s# \[([^\]]+)\] (.+)$/.exec(line);
    const { value } = pair;
    if (comment)
      return {
        path,
        kind: comment[1]!,
        description: comment[2]!,
        default: document.getIn(path, false) === undefined ? null : toPlain(document.getIn(path)),
      };
    if (!isMap(value))
      throw new Error(`values.yaml: ${path.join('.')} has no comment "# [kind] description"`);
    return branch(value.items, path);
  };
  return branch(document.contents.items, []);
}

const toPlain = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'toJSON' in value && typeof value.toJSON === 'function'
    ? (value.toJSON() as unknown)
    : value;
