/**
 * What a change costs or saves: the benches `orchestration` and `live` of this checkout and of an earlier one, taking
 * turns in one run, so that both see the same machine.
 *
 *   git worktree add ../baseline REV && (cd ../baseline && npm run setup)
 *   npm run bench -- side-by-side --baseline ../baseline [--rounds 3] [--trials 10000] [--epochs 30] [--quick]
 *
 * Every run is written down at once; a bench that was interrupted goes on with the same command.
 */
import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Bench, BenchArgs, BenchResult } from './bench.ts';

interface Run {
  readonly bench: string;
  readonly side: 'before' | 'after';
  readonly round: number;
  readonly command: string;
  readonly row: Readonly<Record<string, string | number | boolean | null>>;
}

/** Figure → the largest ratio, after to before, that counts as met; null: reported only. */
const FIGURES: Readonly<Record<string, Readonly<Record<string, number | null>>>> = {
  orchestration: { 'CPU ms per trial': 0.9, 'Redis, MB': 0.9, 'ending, CPU ms': null },
  live: { 'gateway, CPU share': null, 'gateway, MB': null, 'p99, ms': null },
};

const here = fileURLToPath(new URL('../', import.meta.url));
const journal = path.join(here, '.cache', 'side-by-side.ndjson');
const run = promisify(execFile);

const bench: Bench = async (args) => {
  const { baseline } = args.flags;
  if (typeof baseline !== 'string') throw new Error('expected --baseline DIR, a checkout that is set up');
  const quick = args.flags['quick'] === true;
  const flags = {
    orchestration: [
      ['--trials', String(args.number('trials', quick ? 500 : 10_000))],
      ['--epochs', String(args.number('epochs', quick ? 10 : 30))],
    ].flat(),
    live: ['--seconds', String(args.number('seconds', quick ? 10 : 60))],
  };
  const rounds = args.number('rounds', quick ? 1 : 3);
  const runs: Run[] = [];
  for (let round = 0; round < rounds; round++)
    for (const name of args.list('benches', Object.keys(FIGURES)) as ('orchestration' | 'live')[])
      for (const side of round % 2 === 0 ? (['before', 'after'] as const) : (['after', 'before'] as const)) {
        const folder = side === 'before' ? path.resolve(baseline) : here;
        runs.push(await once({ name, side, round, folder, flags: flags[name] }, args));
      }
  const rows = Object.entries(FIGURES).flatMap(([name, figures]) =>
    Object.entries(figures).flatMap(([figure, limit]) => rowOf(runs, name, figure, limit)),
  );
  return {
    title: 'Side by side with an earlier version',
    rows,
    notes: [
      `Medians of ${rounds} runs of each side, which took turns. Limits: the CPU of an orchestrator per trial and the most that Redis used are at most 0.9 of the earlier version's.`,
    ],
    passed: rows.every(({ ratio, limit }) => limit === null || ratio <= limit),
  } satisfies BenchResult;
};
export default bench;

interface Turn {
  readonly name: string;
  readonly side: Run['side'];
  readonly round: number;
  readonly folder: string;
  readonly flags: readonly string[];
}

async function once({ name, side, round, folder, flags }: Turn, args: BenchArgs): Promise<Run> {
  const revision = (await run('git', ['-C', folder, 'rev-parse', '--short', 'HEAD'])).stdout.trim();
  const command = `${revision} ${name} ${flags.join(' ')}`;
  const known = journaled().find(
    (one) => one.bench === name && one.side === side && one.round === round && one.command === command,
  );
  if (known) return known;
  args.progress(`round ${round + 1}: ${name}, ${side} (${revision})`);
  // A bench whose own limits are not met exits with 1, and has measured all the same.
  const { stdout } = await run(process.execPath, ['bench/run.ts', name, '--json', '--dry', ...flags], {
    cwd: folder,
    maxBuffer: 1e8,
  }).catch((error: { stdout: string }) => error);
  const { rows } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { rows: Run['row'][] };
  const measured: Run = { bench: name, side, round, command, row: rows[0]! };
  mkdirSync(path.dirname(journal), { recursive: true });
  appendFileSync(journal, `${JSON.stringify(measured)}\n`);
  return measured;
}

const journaled = (): Run[] =>
  existsSync(journal)
    ? readFileSync(journal, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Run)
    : [];

function rowOf(runs: readonly Run[], name: string, figure: string, limit: number | null) {
  const of = (side: Run['side']): number[] =>
    runs.flatMap((one) => (one.bench === name && one.side === side ? [Number(one.row[figure])] : []));
  const [before, after] = [median(of('before')), median(of('after'))];
  if (before === undefined || after === undefined) return [];
  return [{ bench: name, figure, before, after, ratio: Math.round((1000 * after) / before) / 1000, limit }];
}

const median = (values: readonly number[]): number | undefined =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
