/**
 * How much the unit tests notice: of small faults in the sources, how many make a spec fail.
 *
 * The mutants are drawn by `--seed` (default 1), equally many of each package: `--mutants` (800) in all, of
 * `--packages`. `--quick` judges 60. `--jobs` processes judge at once. What was found stands in .cache/mutation; a
 * run that is started again goes on, and one with more mutants judges only those that are new.
 */
import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { streamOf } from '@onegin/contracts';
import type { Bench, BenchArgs, BenchResult } from './bench.ts';
import { judge, type Baseline, type Judgement } from './mutation/judge.ts';
import { Journal } from './mutation/journal.ts';
import { mutantsOf, type Mutant } from './mutation/mutants.ts';
import { SpecProcess } from './mutation/spec-process.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Packages whose sources get faults, and where the specs are that a fault has to pass. */
const SPECS_OF: Readonly<Record<string, readonly string[]>> = {
  study: ['packages/study/src'],
  contracts: ['packages/contracts/src', 'packages/study/src', 'packages/service-kit/src/study-log.spec.ts'],
  search: ['packages/search/src'],
  datasets: ['packages/datasets/src'],
};
const QUICK = 60;
/** Percent of the mutants that the packages below must notice. */
const LEAST_SCORE = 80;
const LIMITED = ['study', 'contracts'];

/** Mutants that no test can tell from the original, with the reason. */
const equivalent = JSON.parse(
  readFileSync(new URL('mutation/equivalent-mutants.json', import.meta.url), 'utf8'),
) as { readonly mutant: string; readonly because: string }[];

const sources = (begin: string): string[] => globSync(`${root}${begin}/**/*.ts`).sort();
const isMutated = (file: string): boolean => !/\.spec\.ts$|\/testing\/|\/index\.ts$/.test(file);
const specsIn = (place: string): string[] =>
  place.endsWith('.spec.ts') ? [root + place] : sources(place).filter((file) => file.endsWith('.spec.ts'));
const nameOf = ({ file, what }: Mutant): string => `${file.slice(root.length)}: ${what}`;

/** The first of the package's mutants in an order that the seed decides. */
function drawn(name: string, count: number, seed: number): Mutant[] {
  const files = sources(`packages/${name}/src`).filter(isMutated);
  const all = files.flatMap((file) => mutantsOf(file, readFileSync(file, 'utf8')));
  return streamOf(seed, name).shuffle(all).slice(0, count);
}

/** Works through the tasks with a process per job. */
async function inParallel<T>(
  jobs: number,
  tasks: readonly T[],
  work: (task: T, specs: SpecProcess) => Promise<void>,
): Promise<void> {
  const waiting = [...tasks];
  const worker = async (): Promise<void> => {
    const specs = new SpecProcess();
    try {
      for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) await work(task, specs);
    } finally {
      specs.close();
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
}

async function measureBaselines(specs: readonly string[], jobs: number, journal: Journal): Promise<void> {
  const probed = Object.keys(SPECS_OF).map((name) => `${root}packages/${name}/src/`);
  const missing = specs.filter((spec) => !journal.baselines.has(spec));
  await inParallel(jobs, missing, async (spec, process) => {
    const outcome = await process.run({ spec, mutant: null, probed }, 600_000);
    if (!outcome?.passed) throw new Error(`expected a spec that passes, found ${spec}`);
    journal.add({ baseline: { spec, ms: outcome.ms, reached: outcome.reached } });
  });
}

function rowOf(name: string, mutants: readonly Mutant[], journal: Journal): BenchResult['rows'][number] {
  const found = mutants.map((mutant) => ({ mutant, ...journal.judgements.get(nameOf(mutant))! }));
  const count = (...verdicts: Judgement['verdict'][]): number =>
    found.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const killed = count('killed', 'timeout');
  const same = found.filter(
    ({ mutant, verdict }) =>
      verdict === 'survived' && equivalent.some((known) => known.mutant === nameOf(mutant)),
  ).length;
  const percent = (of: number): number => Math.round((1000 * killed) / of) / 10;
  return {
    package: name,
    mutants: found.length,
    noticed: killed,
    'of them by hanging': count('timeout'),
    'not noticed': count('survived'),
    'not reached': count('unreached'),
    equivalent: same,
    'score, %': percent(found.length),
    'without equivalents, %': percent(found.length - same),
  };
}

const bench: Bench = async (args: BenchArgs) => {
  const names = args.list('packages', Object.keys(SPECS_OF));
  const jobs = args.number('jobs', availableParallelism());
  const total = args.flags['quick'] ? QUICK : args.number('mutants', 800);
  const seed = args.number('seed', 1);
  const specsOf = (name: string): string[] => SPECS_OF[name]!.flatMap(specsIn);
  const specs = [...new Set(names.flatMap(specsOf))];
  const journal = new Journal(`${root}.cache/mutation`, [
    ...new Set([...Object.keys(SPECS_OF).flatMap((name) => sources(`packages/${name}/src`)), ...specs]),
  ]);
  await measureBaselines(specs, jobs, journal);

  const share = Math.ceil(total / names.length);
  const mutants = new Map(names.map((name) => [name, drawn(name, share, seed)]));
  const tasks = [...mutants].flatMap(([name, all]) =>
    all.filter((mutant) => !journal.judgements.has(nameOf(mutant))).map((mutant) => ({ name, mutant })),
  );
  let done = 0;
  await inParallel(jobs, tasks, async ({ name, mutant }, process) => {
    const baselines = specsOf(name).map((spec): Baseline => journal.baselines.get(spec)!);
    const judgement = await judge(mutant, readFileSync(mutant.file, 'utf8'), baselines, process);
    journal.add({ mutant: nameOf(mutant), judgement });
    args.progress(`${++done}/${tasks.length} ${judgement.verdict} ${nameOf(mutant)}`);
  });
  const rows = names.map((name) => rowOf(name, mutants.get(name)!, journal));
  return {
    title: 'Mutants that the unit tests notice',
    rows,
    notes: [
      `Equally many mutants of each package, drawn by seed ${seed} from all that small changes make of its sources: operators, boundaries, conditions, numbers, booleans, returned values, and statements and calls left out. Texts stay as they are.`,
      'A mutant is judged by the specs of its package that reach its function, one of contracts also by those of study and of the study log. One that hangs counts as noticed where the same spec without it is at least five times quicker.',
      ...equivalent.map(({ mutant, because }) => `Equivalent: \`${mutant}\`: ${because}`),
      `Limit: at least ${LEAST_SCORE} % of the mutants of ${LIMITED.join(' and ')} that are not equivalent.`,
    ],
    passed: rows.every(
      (row) =>
        !LIMITED.includes(String(row['package'])) || Number(row['without equivalents, %']) >= LEAST_SCORE,
    ),
  };
};

export default bench;
