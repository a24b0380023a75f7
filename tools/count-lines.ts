/**
 * Counts the lines that hold code, by place: what ships, and beside it specs with what only they use.
 *
 *   npm run count-lines -- [--at REVISION] [--vs REVISION]
 *
 * Without --at it counts the working tree; --vs tells how that compares with an earlier revision.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { codeLines } from './count-lines/code-lines.ts';
import { projectRoot } from './project-root.mjs';

interface Count {
  source: number;
  tests: number;
}
type Counts = Map<string, Count>;

const PLACES = /^((?:packages|services)\/[^/]+|frontend)\/(?:src|kernels)\/.*\.(?:ts|html|s?css|lua|cc|h)$/;
const TESTS = /\.spec\.ts$|\/testing\/|\/test-setup\.ts$/;

const git = (args: string[], input = ''): Buffer =>
  execFileSync('git', args, { cwd: projectRoot, input, maxBuffer: 1 << 30 });
const paths = (listed: Buffer): string[] =>
  listed
    .toString()
    .split('\0')
    .filter((path) => PLACES.test(path));

function* filesOfWorkingTree(): Generator<[path: string, text: string]> {
  for (const path of paths(git(['ls-files', '-z', '--cached', '--others', '--exclude-standard']))) {
    const file = join(projectRoot, path);
    if (existsSync(file)) yield [path, readFileSync(file, 'utf8')];
  }
}

function* filesAt(revision: string): Generator<[path: string, text: string]> {
  const found = paths(git(['ls-tree', '-r', '-z', '--name-only', '--full-tree', revision]));
  const contents = git(['cat-file', '--batch'], found.map((path) => `${revision}:${path}\n`).join(''));
  // Of each file a line `<object> blob <bytes>`, the bytes, and a line's end.
  let at = 0;
  for (const path of found) {
    const start = contents.indexOf('\n', at) + 1;
    const end = start + Number(contents.toString('utf8', at, start).trim().split(' ')[2]);
    yield [path, contents.toString('utf8', start, end)];
    at = end + 1;
  }
}

function count(revision?: string): Counts {
  const counts: Counts = new Map();
  const total = { source: 0, tests: 0 };
  for (const [path, text] of revision === undefined ? filesOfWorkingTree() : filesAt(revision)) {
    const place = PLACES.exec(path)![1]!;
    const entry = counts.get(place) ?? { source: 0, tests: 0 };
    const lines = codeLines(path, text);
    const kind = TESTS.test(path) ? 'tests' : 'source';
    entry[kind] += lines;
    total[kind] += lines;
    counts.set(place, entry);
  }
  return new Map([...[...counts].sort(([a], [b]) => a.localeCompare(b)), ['total', total]]);
}

const { values } = parseArgs({ options: { at: { type: 'string' }, vs: { type: 'string' } } });
const now = count(values.at);
const before = values.vs === undefined ? undefined : count(values.vs);
const none: Count = { source: 0, tests: 0 };
const change = (from: number, to: number): string =>
  from === 0 ? 'new' : `${to < from ? '' : '+'}${((to / from - 1) * 100).toFixed(2)} %`;
const rows = [
  ...new Set([...(before?.keys() ?? []), ...now.keys()].filter((place) => place !== 'total')),
  'total',
];

console.table(
  Object.fromEntries(
    rows.map((place) => {
      const to = now.get(place) ?? none;
      if (before === undefined) return [place, to];
      const from = before.get(place) ?? none;
      return [
        place,
        { before: from.source, source: to.source, change: change(from.source, to.source), tests: to.tests },
      ];
    }),
  ),
);
