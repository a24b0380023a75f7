/** The values as tables in Markdown, one per part of the system. */
import { isBranch, type Branch, type Value } from './values-comments.ts';

export function tableOf(values: Branch): string {
  const top: Value[] = [];
  const parts: [string, Value[]][] = [];
  for (const [key, node] of values.children)
    if (isBranch(node)) parts.push([key, leavesOf(node)]);
    else top.push(node);
  return [
    ...(top.length > 0 ? [table(top)] : []),
    ...parts.map(([key, leaves]) => `### \`${key}\`\n\n${table(leaves)}`),
  ].join('\n\n');
}

const leavesOf = (branch: Branch): Value[] =>
  [...branch.children.values()].flatMap((node) => (isBranch(node) ? leavesOf(node) : [node]));

const table = (values: readonly Value[]): string =>
  [
    '| value | kind | without it | what it does |',
    '| --- | --- | --- | --- |',
    ...values.map(({ path, kind, description, default: value }) =>
      row(`\`${path.join('.')}\``, kind, shown(value), description),
    ),
  ].join('\n');

const row = (...cells: string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const shown = (value: unknown): string => (value === '' ? '' : `\`${JSON.stringify(value)}\``);
