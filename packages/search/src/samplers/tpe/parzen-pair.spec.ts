import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Params, SearchSpace } from '@onegin/contracts';
import { HistoryTable } from '../../history-table.ts';
import { ParzenMixture } from '../../math/parzen-mixture.ts';
import { encodeSpace, toRow } from '../../space-encoding.ts';
import type { Trial } from '../../trial-history.ts';
import { parzenPair } from './parzen-pair.ts';
import { recencyWeights } from './recency-weights.ts';

interface GoldenCase {
  history: { params: Params; value: number }[];
  running: Params[];
  below: number[];
  above_count: number;
  candidates: Params[];
  log_l: number[];
  log_g: number[];
}
type Orders = Record<string, number[]>;

const frozen = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../testing/frozen/${name}`, import.meta.url), 'utf8'));
const golden = frozen('tpe-golden.json') as { space: SearchSpace; cases: GoldenCase[] };
const ties = frozen('tpe-tie-orders.json') as { cases: { below: Orders; above: Orders }[] };

const encoded = encodeSpace(golden.space);

function tableOf({ history, running }: GoldenCase): HistoryTable {
  const table = new HistoryTable(encoded);
  const finished = history.map(({ params, value }, number): Trial => {
    return { number, params, state: 'completed', values: [value], reports: [] };
  });
  const outstanding = running.map((params, i): Trial => {
    return { number: history.length + i, params, state: 'running', values: null, reports: [] };
  });
  table.sync([...finished, ...outstanding]);
  return table;
}

function largestError(mixture: ParzenMixture, points: Params[], expected: number[]): number {
  const errors = points.map((params, i) =>
    Math.abs(mixture.logDensity(toRow(encoded, params)) - expected[i]!),
  );
  return Math.max(...errors);
}

describe('the two densities of TPE against Optuna 5.0.0', () => {
  golden.cases.forEach((golden, index) => {
    const name = `${golden.history.length} trials and ${golden.running.length} outstanding`;
    const table = tableOf(golden);
    const pair = parzenPair(table, encoded.groups[0]!, ['minimize']);

    it(`splits ${name} alike`, () => {
      expect(pair.split.below).toEqual(golden.below);
      expect(pair.split.above).toHaveLength(golden.above_count);
    });

    it(`gives the log densities of ${name} to 1e-9, equal observations taken in the reference's order`, () => {
      const mixture = (members: readonly number[], orders: Orders): ParzenMixture =>
        new ParzenMixture(
          encoded.dimensions,
          encoded.dimensions.map((_, axis) =>
            Float64Array.from([...members.map((i) => table.rows[i]![axis]!), 0]),
          ),
          recencyWeights(members.length),
          { sorted: (axis) => orders[encoded.dimensions[axis]!.name]! },
        );
      const { below, above } = ties.cases[index]!;
      const good = mixture(pair.split.below, below);
      const rest = mixture(pair.split.above, above);
      expect(largestError(good, golden.candidates, golden.log_l)).toBeLessThan(1e-9);
      expect(largestError(rest, golden.candidates, golden.log_g)).toBeLessThan(1e-9);
    });
  });
});
