/**
 * Do the engines train equally well, and does each repeat itself? The default CNN on mnist-10k, by seed.
 *
 * Weights and shuffles are the same on both engines; dropout masks and rounding differ.
 *
 * --seeds 5   --epochs 5   --samples 8000
 */
import { execFileSync } from 'node:child_process';
import type { Bench } from './bench.ts';

/** Accuracy points between the means over seeds. */
const LIMIT = 0.5;
const script = new URL('engine-agreement/train-one.ts', import.meta.url).pathname;

const bench: Bench = (args) => {
  const seeds = Array.from({ length: args.number('seeds', 5) }, (_, i) => i + 1);
  const settings = [args.number('epochs', 5), args.number('samples', 8000)].map(String);
  const train = (engine: string, seed: number): string => {
    args.progress(`${engine}, seed ${seed}`);
    const words = [script, engine, String(seed), ...settings];
    return execFileSync(process.execPath, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  };
  const points = (output: string): number => 100 * (JSON.parse(output) as { accuracy: number }).accuracy;
  const rows = seeds.map((seed) => {
    const [native, wasm] = [train('native', seed), train('wasm', seed)];
    return {
      seed,
      native: round(points(native)),
      wasm: round(points(wasm)),
      'native again': seed === 1 ? train('native', seed) === native : null,
      'wasm again': seed === 1 ? train('wasm', seed) === wasm : null,
    };
  });
  const difference = mean(rows.map(({ native }) => native)) - mean(rows.map(({ wasm }) => wasm));
  const repeats = rows.every((row) => row['native again'] !== false && row['wasm again'] !== false);
  return {
    title: 'Agreement of the engines',
    rows,
    notes: [
      `Validation accuracy in percent after ${settings[0]} epochs on ${settings[1]} samples; "again" is whether a ` +
        'second run gave the same accuracy and losses, to the last bit.',
      `Means differ by ${difference.toFixed(2)} points; at most ${LIMIT} promised.`,
    ],
    passed: Math.abs(difference) <= LIMIT && repeats,
  };
};
export default bench;

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const round = (value: number): number => Number(value.toFixed(2));
