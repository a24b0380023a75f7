/**
 * `npm run bench -- NAME [--json] [--dry] [--key value …]` runs bench/NAME.bench.ts; without a name, lists.
 *
 * Results go to bench/results/NAME.json and, from all of these, into docs/benchmarks.md. `--json` prints the
 * result as JSON; `npm run bench -- --document` only writes the document again; `--dry` writes nothing; other flags are the bench's own. A bench whose limits were not met
 * exits with 1.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import type { Bench, BenchArgs, BenchResult } from './bench.ts';

interface StoredResult extends BenchResult {
  readonly name: string;
  readonly at: string;
  readonly machine: string;
  readonly command: string;
}

const root = new URL('../', import.meta.url);
const results = new URL('bench/results/', root);

async function benchNames(): Promise<string[]> {
  const files = await readdir(new URL('bench/', root));
  return files
    .flatMap((file) => (file.endsWith('.bench.ts') ? [file.slice(0, -'.bench.ts'.length)] : []))
    .sort();
}

function parseFlags(words: readonly string[]): Record<string, string | true> {
  const flags: Record<string, string | true> = {};
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (!word.startsWith('--')) throw new Error(`expected --key or --key value, found ${word}`);
    const next = words[i + 1];
    if (next !== undefined && !next.startsWith('--')) {
      flags[word.slice(2)] = next;
      i++;
    } else flags[word.slice(2)] = true;
  }
  return flags;
}

function argsOf(flags: Record<string, string | true>): BenchArgs {
  return {
    flags,
    number: (key, fallback) => {
      if (!(key in flags)) return fallback;
      const value = Number(flags[key]);
      if (!Number.isInteger(value)) throw new Error(`--${key}: expected a whole number, found ${flags[key]}`);
      return value;
    },
    list: (key, fallback) => (typeof flags[key] === 'string' ? flags[key].split(',') : fallback),
    progress: (text) => process.stderr.write(`${text}\n`),
  };
}

function table(rows: BenchResult['rows']): string {
  const keys = Object.keys(rows[0] ?? {});
  const line = (cells: readonly unknown[]): string => `| ${cells.map((cell) => cell ?? '–').join(' | ')} |`;
  return [
    line(keys),
    line(keys.map(() => '---')),
    ...rows.map((row) => line(keys.map((key) => row[key]))),
  ].join('\n');
}

const section = (result: StoredResult): string =>
  [
    `## ${result.title}`,
    `\`${result.command}\`, ${result.at.slice(0, 10)}, ${result.machine}`,
    table(result.rows),
    ...result.notes,
  ].join('\n\n');

async function writeDocument(): Promise<void> {
  const files = (await readdir(results)).filter((file) => file.endsWith('.json')).sort();
  const stored = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(new URL(file, results), 'utf8')) as StoredResult),
  );
  const opening =
    '# Benchmarks\n\nWritten by `bench/run.ts` from `bench/results/`; do not edit. `npm run bench` lists the benches.';
  await mkdir(new URL('docs/', root), { recursive: true });
  await writeFile(new URL('docs/benchmarks.md', root), `${[opening, ...stored.map(section)].join('\n\n')}\n`);
}

async function main(): Promise<void> {
  const [name, ...words] = process.argv.slice(2);
  if (name === '--document') return writeDocument();
  const names = await benchNames();
  if (name === undefined || !names.includes(name)) {
    console.log(`npm run bench -- NAME [--json] [--dry]\n\n${names.join('\n')}`);
    if (name !== undefined) throw new Error(`expected the name of a bench, found ${name}`);
    return;
  }
  const flags = parseFlags(words);
  const bench = ((await import(new URL(`bench/${name}.bench.ts`, root).href)) as { default: Bench }).default;
  const result = await bench(argsOf(flags));
  const own = words.filter((word) => word !== '--json' && word !== '--dry');
  const stored: StoredResult = {
    name,
    at: new Date().toISOString(),
    machine: `Node ${process.versions.node}, ${os.cpus()[0]?.model ?? 'unknown processor'}, ${os.availableParallelism()} cores`,
    command: ['npm run bench --', name, ...own].join(' '),
    ...result,
  };
  if (!flags['dry']) {
    await mkdir(results, { recursive: true });
    await writeFile(new URL(`${name}.json`, results), `${JSON.stringify(stored, null, 2)}\n`);
    await writeDocument();
  }
  if (flags['json']) console.log(JSON.stringify(stored, null, 2));
  else console.log(`\n${section(stored)}`);
  if (result.passed === false) process.exitCode = 1;
}

await main();
