/**
 * npm run chaos -- [--minutes N] [--seeds M] [--first-seed S] [--verbose]
 *
 * For each of M seeds: studies under faults for N minutes, then the check. A line per seed; status 1 when anything
 * is wrong.
 */
import { parseArgs } from 'node:util';
import { runChaos } from './run-chaos.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    'first-seed': { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
  },
});

const number = (name: 'minutes' | 'seeds' | 'first-seed', least: number): number => {
  const value = Number(values[name]);
  if (Number.isFinite(value) && value >= least) return value;
  console.error(`--${name}: expected a number of at least ${least}, found ${values[name]}`);
  return process.exit(2);
};

const forMs = number('minutes', 0.1) * 60_000;
const first = number('first-seed', 0);
const seeds = Array.from({ length: number('seeds', 1) }, (_, i) => first + i);
const failed: number[] = [];
for (const seed of seeds) {
  const report = await runChaos({ seed, forMs, ...(values.verbose && { say: (line) => console.log(line) }) });
  console.log(JSON.stringify(report));
  if (report.problems.length > 0) failed.push(seed);
}
console.log(
  failed.length === 0
    ? `${seeds.length} seeds, nothing lost and nothing doubled`
    : `something is wrong with seeds ${failed.join(', ')}`,
);
process.exit(failed.length === 0 ? 0 : 1);
