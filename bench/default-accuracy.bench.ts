/**
 * Do the architecture's defaults alone build sensible models? The default CNN for 20 epochs on mnist-10k, the default
 * LSTM on spam-assassin.
 *
 * --epochs 20   --lstm-epochs 10   --seed 1   --datasets mnist-10k,spam-assassin
 */
import { execFileSync } from 'node:child_process';
import type { Bench } from './bench.ts';

/** Validation accuracy in percent that must be exceeded. */
const LIMITS: Record<string, number> = { 'mnist-10k': 98, 'spam-assassin': 96 };
const script = new URL('default-accuracy/train-default.ts', import.meta.url).pathname;

const bench: Bench = (args) => {
  const seed = args.number('seed', 1);
  const rows = args.list('datasets', Object.keys(LIMITS)).map((dataset) => {
    const epochs = dataset === 'spam-assassin' ? args.number('lstm-epochs', 10) : args.number('epochs', 20);
    args.progress(`${dataset}: ${epochs} epochs`);
    const words = [script, dataset, String(epochs), String(seed)];
    const output = execFileSync(process.execPath, words, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const accuracies = (JSON.parse(output) as number[]).map((value) => Number((100 * value).toFixed(2)));
    return {
      dataset,
      epochs: accuracies.length,
      'last epoch, %': accuracies.at(-1)!,
      'best epoch, %': Math.max(...accuracies),
      'promised, %': LIMITS[dataset] ?? null,
    };
  });
  return {
    title: 'Accuracy of the defaults',
    rows,
    notes: [`Validation accuracy with the architecture's defaults and seed ${seed}; nothing was searched.`],
    passed: rows.every((row) => row['last epoch, %'] > (row['promised, %'] ?? 0)),
  };
};
export default bench;
