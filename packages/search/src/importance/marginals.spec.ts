import { describe, expect, it } from '@jest/globals';
import { streamOf, type SearchSpace } from '@onegin/contracts';
import { completed } from '../testing/trials.ts';
import type { Trial } from '../trial-history.ts';
import { createMarginals, type Marginals } from './marginals.ts';

const space: SearchSpace = {
  lr: { type: 'float', low: 1e-4, high: 1, log: true },
  n: { type: 'int', low: 1, high: 4 },
  opt: { type: 'categorical', choices: ['a', 'b'] },
  beta: { type: 'float', low: 0, high: 1, when: { param: 'opt', in: ['b'] } },
};

/** value = (log10 lr + 2)² + n + [opt = b]·beta, on random points. */
const history = Array.from({ length: 600 }, (_, number): Trial => {
  const random = streamOf(4, number);
  const lr = 10 ** (-4 * random.uniform());
  const n = 1 + random.integer(4);
  const opt = random.integer(2) ? 'b' : 'a';
  const beta = random.uniform();
  const value = (Math.log10(lr) + 2) ** 2 + n + (opt === 'b' ? beta : 0);
  return completed(number, [], { params: { lr, n, opt, ...(opt === 'b' && { beta }) }, values: [value] });
});

function marginals(trials: readonly Trial[] = history): Marginals {
  const result = createMarginals(trials, { space, directions: ['minimize'] });
  if (!result.available) throw new Error(result.reason);
  return result;
}

describe('marginals', () => {
  // E (log10 lr + 2)² over the space is 16/12, E n is 2.5, E [opt = b]·beta is 1/4.
  const [elr, en, eb] = [16 / 12, 2.5, 0.25];

  it('of a number follow the objective with the others averaged out, spread over the searched scale', () => {
    const result = marginals().of('lr');
    if (!result.available) throw new Error(result.reason);
    expect(result.at).toHaveLength(50);
    expect(Number(result.at[0])).toBeCloseTo(1e-4, 9);
    expect(Number(result.at[49])).toBeCloseTo(1, 9);
    const errors = result.at.map((lr, k) =>
      Math.abs(result.mean[k] - ((Math.log10(Number(lr)) + 2) ** 2 + en + eb)),
    );
    // Averaging flattens the two ends, where the curve is steepest.
    expect(Math.max(...errors.slice(2, -2))).toBeLessThan(0.3);
    expect(Math.max(...errors)).toBeLessThan(0.5);
    expect(Math.max(...result.deviation)).toBeLessThan(0.3);
  });

  it('of a short grid and of choices have one point each', () => {
    const n = marginals().of('n');
    const opt = marginals().of('opt');
    if (!n.available || !opt.available) throw new Error('expected marginals');
    expect(n.at).toEqual([1, 2, 3, 4]);
    n.mean.forEach((mean, k) => expect(Math.abs(mean - (k + 1 + elr + eb))).toBeLessThan(0.2));
    expect(opt.at).toEqual(['a', 'b']);
    expect(Math.abs(opt.mean[1] - opt.mean[0] - 0.5)).toBeLessThan(0.15);
  });

  it('of a conditional parameter are taken where it is active', () => {
    const beta = marginals().of('beta');
    if (!beta.available) throw new Error(beta.reason);
    beta.at.forEach((value, k) =>
      expect(Math.abs(beta.mean[k] - (Number(value) + elr + en))).toBeLessThan(0.35),
    );
    const few = marginals(history.filter((t) => t.params.opt === 'a' || t.number < 10));
    expect(few.of('beta')).toMatchObject({ available: false });
    expect(few.of('lr')).toMatchObject({ available: true });
  });

  it('of a pair are a grid of both', () => {
    const pair = marginals().ofPair('n', 'lr');
    if (!pair.available) throw new Error(pair.reason);
    expect(pair.mean).toHaveLength(4);
    expect(pair.mean[0]).toHaveLength(30);
    pair.at[0].forEach((n, i) =>
      pair.at[1].forEach((lr, j) => {
        const expected = Number(n) + (Math.log10(Number(lr)) + 2) ** 2 + eb;
        expect(Math.abs(pair.mean[i][j] - expected)).toBeLessThan(0.6);
      }),
    );
    const conditional = marginals().ofPair('beta', 'opt');
    if (!conditional.available) throw new Error(conditional.reason);
    expect(conditional.at[1]).toEqual(['a', 'b']);
  });

  it('refuse names that the space does not have, and have reasons where there is too little', () => {
    expect(() => marginals().of('lrr')).toThrow('param: expected one of lr, n, opt, beta, found "lrr"');
    expect(() => marginals().ofPair('n', 'n')).toThrow('two different parameters, found ["n","n"]');
    expect(createMarginals(history.slice(0, 5), { space, directions: ['minimize'] })).toEqual({
      available: false,
      reason: 'Importance needs at least 10 completed trials, there are 5.',
    });
  });
});
