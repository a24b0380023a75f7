/**
 * Does health predict how a model holds up on corrupted inputs, better than validation accuracy alone?
 *
 * Random points of the standard search space are trained on a real data set; each model is asked a test part under
 * noise, shift, blur and contrast (texts: dropped, hidden and swapped words). Reported: Spearman's rank correlation of
 * accuracy and of every metric with the mean accuracy under corruption, over all trials, and within groups of trials
 * of near-equal validation accuracy, where health has to earn its place.
 *
 * --trials 60   --epochs 4   --samples 4000 (of the training part)   --datasets mnist-10k,spam-assassin
 * --keep DIR writes a line per trial to DIR/DATASET.ndjson; --from DIR reads such files instead of training.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { healthScore, HEALTH_METRICS, type HealthMetric, type HealthReport } from '@onegin/contracts';
import { spearman } from '../packages/training/src/health/convergence-quality.ts';
import type { Bench, BenchArgs } from './bench.ts';

interface TrialLine {
  number: number;
  epochs: number;
  samples: number;
  validation: number;
  clean: number;
  corrupted: Record<string, number>;
  health: Record<HealthMetric, number | null>;
}

/** Trials of near-equal accuracy are compared in groups of this many neighbours by validation accuracy. */
const GROUP = 10;
const script = new URL('health-study/run-trials.ts', import.meta.url).pathname;

const bench: Bench = (args) => {
  const settings = [args.number('trials', 60), args.number('epochs', 4), args.number('samples', 4000)];
  const rows: Record<string, string | number | null>[] = [];
  const notes = [
    "Spearman's rank correlation with the mean accuracy under corruption of random trials of the standard space; " +
      `"within": mean over groups of ${GROUP} trials of near-equal validation accuracy. With 60 trials, chance alone ` +
      'gives |ρ| above 0.25 overall, and above 0.27 within, one time in twenty.',
  ];
  for (const dataset of args.list('datasets', ['mnist-10k', 'spam-assassin'])) {
    const output = trialLines(args, dataset, settings);
    const lines = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as TrialLine | { failed: string });
    const trials = lines.filter((line): line is TrialLine => !('failed' in line));
    if (trials.length < lines.length)
      notes.push(`${dataset}: ${lines.length - trials.length} trials failed.`);
    const { epochs, samples } = trials[0] ?? {};
    notes.push(`${dataset}: ${trials.length} trials of ${epochs} epochs on ${samples} samples.`);
    rows.push(...correlations(dataset, trials));
  }
  return { title: 'Health study', rows, notes };
};
export default bench;

function trialLines({ flags, progress }: BenchArgs, dataset: string, settings: readonly number[]): string {
  const file = (folder: string): string => join(folder, `${dataset}.ndjson`);
  if (typeof flags['from'] === 'string') return readFileSync(file(flags['from']), 'utf8');
  progress(`training on ${dataset}`);
  const output = execFileSync(process.execPath, [script, dataset, ...settings.map(String)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1 << 28,
  });
  if (typeof flags['keep'] === 'string') {
    mkdirSync(flags['keep'], { recursive: true });
    writeFileSync(file(flags['keep']), output);
  }
  return output;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const robustness = (trial: TrialLine): number => mean(Object.values(trial.corrupted));

function correlations(dataset: string, trials: readonly TrialLine[]) {
  const measures: [string, (trial: TrialLine) => number | null][] = [
    ['validation accuracy', (trial) => trial.validation],
    ...HEALTH_METRICS.map((metric): [string, (t: TrialLine) => number | null] => [
      metric,
      (t) => t.health[metric],
    ]),
    ['health score', (trial) => scoreOf(trial)],
    ...[0.1, 0.2, 0.3, 0.5].map((h): [string, (t: TrialLine) => number | null] => [
      `objective, h = ${h}`,
      (t) => (1 - h) * t.validation + h * (scoreOf(t) ?? t.validation),
    ]),
  ];
  return measures.map(([measure, of]) => {
    const known = trials.filter((trial) => of(trial) !== null);
    return {
      dataset,
      measure,
      trials: known.length,
      'ρ overall': round(correlation(known, of)),
      'ρ within': round(withinGroups(known, of)),
    };
  });
}

function scoreOf({ health }: TrialLine): number | null {
  const report = Object.fromEntries(HEALTH_METRICS.map((metric) => [metric, { value: health[metric] }]));
  return healthScore(report as unknown as HealthReport);
}

function correlation(trials: readonly TrialLine[], of: (trial: TrialLine) => number | null): number {
  return spearman(
    trials.map((trial) => of(trial)!),
    trials.map(robustness),
  );
}

function withinGroups(trials: readonly TrialLine[], of: (trial: TrialLine) => number | null): number {
  const ranked = [...trials].sort((a, b) => a.validation - b.validation);
  const groups = Array.from({ length: Math.floor(ranked.length / GROUP) }, (_, g) =>
    ranked.slice(g * GROUP, (g + 1) * GROUP),
  );
  return groups.length === 0 ? NaN : mean(groups.map((group) => correlation(group, of)));
}

const round = (value: number): number | null => (Number.isFinite(value) ? Number(value.toFixed(2)) : null);
