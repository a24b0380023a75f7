/** Each row of what the web UI promises has a test that names it. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './source-files.ts';

const ROWS = [
  ...Array.from({ length: 11 }, (_, i) => `4.${i + 1}`),
  // What of running on many machines and of live data a person sees.
  ...['2.2', '2.10', '3.4', '3.5'],
];
/** `it('4.2, 4.10: …`, and the same with `describe` and with `.each` before the name. */
const NAMED = /\b(?:it|test|describe)(?:\.each)?\b[^'"`]{0,400}?['"`](\d\.\d{1,2}(?:, \d\.\d{1,2})*): /gs;

const rowsIn = (text: string): string[] => [...text.matchAll(NAMED)].flatMap(([, rows]) => rows!.split(', '));

function specs(): string[] {
  const folders = ['frontend/src', 'packages', 'services', 'tests'];
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.spec.ts') && !name.includes('node_modules'))
      .map((name) => join(root, folder, name)),
  );
}

describe('rows of the web UI', () => {
  it('are found in the names of tests', () => {
    expect(rowsIn("it('4.2, 4.10: the model …', async () => {")).toEqual(['4.2', '4.10']);
    expect(rowsIn("it.each<[string, boolean]>([\n  ['a', true],\n])(\n  '4.8: on a %s',")).toEqual([]);
    expect(rowsIn('it("has 4.1: in it"')).toEqual([]);
  });

  it('have each a test that begins with its number', () => {
    const named = new Set(specs().flatMap((path) => rowsIn(readFileSync(path, 'utf8'))));
    expect(ROWS.filter((row) => !named.has(row))).toEqual([]);
  });
});
