import { describe, expect, it } from '@jest/globals';
import { streamOf, type SearchSpace } from '@onegin/contracts';
import { completed } from '../testing/trials.ts';
import type { Trial } from '../trial-history.ts';
import { findings, type Finding, type Findings } from './findings.ts';

const space: SearchSpace = {
  dropout: { type: 'float', low: 0, high: 1 },
  kind: { type: 'categorical', choices: ['a', 'b', 'c'] },
  idle: { type: 'float', low: 0, high: 1 },
};

/** Accuracy 0.9, less two points above a dropout of one half, less one point for `c`, plus noise. */
function studied(seed: number, effect: number, trials = 80): Trial[] {
  return Array.from({ length: trials }, (_, number) => {
    const random = streamOf(seed, number);
    const [dropout, kind, idle] = [random.uniform(), ['a', 'b', 'c'][random.integer(3)]!, random.uniform()];
    const loss = (dropout > 0.5 ? 0.02 : 0) + (kind === 'c' ? 0.01 : 0);
    const value = 0.9 - effect * loss + 0.002 * (random.uniform() - 0.5);
    return completed(number, [], { params: { dropout, kind, idle }, values: [value] });
  });
}

function found(history: readonly Trial[], direction: 'maximize' | 'minimize' = 'maximize'): Findings {
  const result = findings(history, { space, directions: [direction] });
  if (!result.available) throw new Error(result.reason);
  return result;
}

function about(param: string, { findings: all }: Findings): Finding {
  const finding = all.find((one) => one.param === param);
  if (!finding) throw new Error(`nothing was found about ${param}`);
  return finding;
}

describe('findings', () => {
  it('say where a number was good, where it was bad, and what that cost', () => {
    const result = found(studied(1, 1));
    const dropout = about('dropout', result);
    expect(result.trials).toBe(80);
    expect(result.findings[0]!.param).toBe('dropout');
    expect(dropout.good.range!.high).toBeLessThan(0.6);
    expect(dropout.bad.range!.low).toBeGreaterThan(0.4);
    expect(dropout.difference).toBeGreaterThan(0.015);
    expect(dropout.difference).toBeLessThan(0.025);
    expect(dropout.good.trials + dropout.bad.trials).toBeLessThanOrEqual(80);
    expect(dropout.clear).toBe(true);
  });

  it('name the choices that are as good as the best', () => {
    const kind = about('kind', found(studied(1, 1)));
    expect(kind.good.values).toEqual(['a', 'b']);
    expect(kind.bad.values).toEqual(['c']);
    expect(kind.clear).toBe(true);
  });

  it('turn round when less is better', () => {
    const dropout = about('dropout', found(studied(1, 1), 'minimize'));
    expect(dropout.good.range!.low).toBeGreaterThan(0.4);
    expect(dropout.difference).toBeGreaterThan(0.015);
  });

  it('call what chance makes too unclear', () => {
    const noise = Array.from({ length: 20 }, (_, seed) => found(studied(100 + seed, 0))).flatMap(
      ({ findings: all }) => all,
    );
    expect(noise).toHaveLength(60);
    expect(noise.filter(({ clear }) => clear).length).toBeLessThan(6);
    const real = Array.from({ length: 5 }, (_, seed) => about('dropout', found(studied(200 + seed, 1))));
    expect(real.every(({ clear }) => clear)).toBe(true);
  });

  it('are not there for a handful of trials', () => {
    const result = findings(studied(1, 1, 5), { space, directions: ['maximize'] });
    expect(result).toEqual({ available: false, reason: expect.stringContaining('at least 10 completed') });
  });
});
