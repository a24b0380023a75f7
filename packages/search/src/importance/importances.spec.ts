import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { streamOf, type Params, type SearchSpace } from '@onegin/contracts';
import { completed } from '../testing/trials.ts';
import type { Direction, Trial } from '../trial-history.ts';
import { importances, type ImportanceRequest, type Importances } from './importances.ts';

const minimize: Direction[] = ['minimize'];
const methods = ['ped-anova', 'fanova'] as const;

function shares(history: readonly Trial[], request: ImportanceRequest): Importances {
  const result = importances(history, request);
  if (!result.available) throw new Error(result.reason);
  return result;
}

/** Trials at random points of a space. */
function sample(space: SearchSpace, count: number, values: (params: Params) => number[], seed = 1): Trial[] {
  return Array.from({ length: count }, (_, number) => {
    const random = streamOf(seed, number);
    const params: Params = {};
    for (const [name, p] of Object.entries(space)) {
      const active = !p.when || p.when.in.some((v) => v === params[p.when!.param]);
      const u = random.uniform();
      if (!active) continue;
      if (p.type === 'categorical') params[name] = p.choices[Math.floor(u * p.choices.length)];
      else if (p.type === 'int') params[name] = p.low + Math.floor(u * (p.high - p.low + 1));
      else params[name] = p.log ? p.low * (p.high / p.low) ** u : p.low + u * (p.high - p.low);
    }
    return completed(number, [], { params, values: values(params) });
  });
}

const unit = { type: 'float', low: 0, high: 1 } as const;

describe('the importances of Optuna', () => {
  const golden = JSON.parse(
    readFileSync(new URL('../testing/frozen/tpe-golden.json', import.meta.url), 'utf8'),
  ) as {
    space: SearchSpace;
    cases: { history: { params: Params; value: number }[] }[];
    importance_of_last_case: Record<'ped_anova' | 'fanova_mean_of_5_seeds', Record<string, number>>;
  };
  const history = golden.cases
    .at(-1)!
    .history.map(({ params, value }, number) => completed(number, [], { params, values: [value] }));
  const request = { space: golden.space, directions: minimize };

  it('PED-ANOVA, to 1e-6 and in their order', () => {
    const expected = golden.importance_of_last_case.ped_anova;
    const result = shares(history, request).shares;
    expect(Object.keys(result)).toEqual(Object.keys(expected));
    for (const [name, share] of Object.entries(expected))
      expect(Math.abs(result[name] - share)).toBeLessThan(1e-6);
  });

  it('fANOVA, the mean of 5 seeds within their spread between seeds', () => {
    // Standard deviations of Optuna 5.0.0 between 12 seeds on this history.
    const spread: Record<string, number> = {
      lr: 4.3e-3,
      dropout: 4.5e-3,
      batch: 4.6e-4,
      layers: 2.0e-4,
      units: 1.5e-4,
      kernel: 4.0e-4,
    };
    const seeds = [0, 1, 2, 3, 4];
    const results = seeds.map((seed) => shares(history, { ...request, method: 'fanova', seed }).shares);
    for (const [name, share] of Object.entries(golden.importance_of_last_case.fanova_mean_of_5_seeds)) {
      const mean = results.reduce((sum, result) => sum + result[name] / seeds.length, 0);
      // The difference of two means of 5 has 0.63 of the spread; three of these.
      expect(Math.abs(mean - share)).toBeLessThan(3 * Math.sqrt(2 / 5) * spread[name]);
    }
  });
});

describe.each(methods)('importances by %s', (method) => {
  it('finds what matters, whatever the kinds of parameters', () => {
    const space: SearchSpace = {
      big: { type: 'float', low: 1e-4, high: 1, log: true },
      small: { type: 'int', low: 1, high: 8 },
      none: unit,
      pick: { type: 'categorical', choices: ['a', 'b', 'c'] },
      fixed: { type: 'categorical', choices: ['only'] },
    };
    const value = ({ big, small, pick }: Params) =>
      Math.log10(Number(big)) ** 2 + 0.1 * Number(small) + (pick === 'a' ? 0 : 2);
    const history = sample(space, 300, (p) => [value(p)]);
    const result = shares(history, { space, directions: minimize, method, scale: 'searched' });
    const names = Object.keys(result.shares);
    expect(names[0]).toBe('big');
    expect(names[1]).toBe('pick');
    expect(names[4]).toBe('fixed');
    expect(result.shares.fixed).toBe(0);
    expect(result.shares.none).toBeLessThan(0.02);
    expect(Object.values(result.shares).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(result).toMatchObject({ method, trials: 300, leftOut: 0 });
  });

  it('says the same of a maximized objective and its negative', () => {
    const space: SearchSpace = { x: unit, y: unit };
    const history = sample(space, 60, (p) => [Number(p.x) ** 2 + 0.1 * Number(p.y)]);
    const negative = history.map((t) => ({ ...t, values: t.values!.map((v) => -v) }));
    const flipped = shares(negative, { space, directions: ['maximize'], method }).shares;
    for (const [name, share] of Object.entries(
      shares(history, { space, directions: minimize, method }).shares,
    ))
      expect(flipped[name]).toBeCloseTo(share, 9);
  });

  it('gives reasons where there is nothing to say', () => {
    const space: SearchSpace = { x: unit };
    const reason = (history: readonly Trial[]) => {
      const result = importances(history, { space, directions: minimize, method });
      return result.available ? 'numbers' : result.reason;
    };
    expect(reason([])).toBe('Importance needs at least 10 completed trials, there are 0.');
    expect(reason(sample(space, 9, () => [1]))).toBe(
      'Importance needs at least 10 completed trials, there are 9.',
    );
    expect(reason(sample(space, 20, () => [1]))).toBe(
      'All 20 completed trials have the same value: no parameter made a difference.',
    );
    const failed = sample(space, 20, (p) => [Number(p.x)]).map((t): Trial => ({
      ...t,
      state: 'failed',
      values: null,
    }));
    expect(reason(failed)).toMatch(/there are 0/);
    const one: SearchSpace = { x: { type: 'int', low: 3, high: 3 } };
    const random = streamOf(1);
    expect(
      importances(
        sample(one, 20, () => [random.uniform()]),
        { space: one, directions: minimize, method },
      ),
    ).toMatchObject({
      available: false,
      reason: 'No parameter made a difference that could be told from chance.',
    });
  });

  it('leaves out trials that have no finite value or do not fit the current space, and says so', () => {
    const space: SearchSpace = { x: unit, pick: { type: 'categorical', choices: ['a', 'b'] } };
    const history = sample(space, 40, (p) => [Number(p.x)]);
    const odd: Partial<Trial>[] = [
      { values: [NaN] },
      { values: [Infinity] },
      { values: [1, 2] },
      { params: { x: 2, pick: 'a' } },
      { params: { x: 0.5, pick: 'z' } },
      { params: { x: 0.5 } },
    ];
    const strange = odd.map((extra, i) => ({ ...history[i], ...extra, number: 100 + i }));
    const known = history.map((t) => ({ ...t, params: { ...t.params, forgotten: 7 } }));
    const request = { space, directions: minimize, method };
    const result = shares([...known, ...strange], request);
    expect(result).toEqual({ ...shares(history, request), leftOut: 6 });
  });

  it('weights conditional parameters by where they are active', () => {
    const space: SearchSpace = {
      branch: { type: 'categorical', choices: ['left', 'right'] },
      x: { ...unit, when: { param: 'branch', in: ['left'] } },
      y: { ...unit, when: { param: 'branch', in: ['right'] } },
    };
    // Only x makes a difference, and where it is active the value is better.
    const history = sample(space, 400, (p) => [p.branch === 'left' ? Number(p.x) : 1.5]);
    const result = shares(history, { space, directions: minimize, method }).shares;
    if (method === 'fanova') {
      // Variances: 1/4 between the branches, and 1/12 within one that is active in half of the space.
      expect(Math.abs(result.x - 1 / 7)).toBeLessThan(0.02);
      expect(Math.abs(result.branch - 6 / 7)).toBeLessThan(0.02);
    } else {
      // The best tenth is a fifth of x's range, (1² / 0.5)·(1/0.2 − 1) = 8 before smoothing; of the branch it is half.
      expect(result.x).toBeGreaterThan(0.8);
      expect(result.branch).toBeGreaterThan(0.02);
    }
    expect(result.y).toBeLessThan(0.01);
  });

  it('refuses objectives and methods that do not exist', () => {
    const ask = (extra: object) => () =>
      importances([], { space: { x: unit }, directions: minimize, method, ...extra });
    expect(ask({ objective: 1 })).toThrow(/objective: expected one of 0.* found 1$/);
    expect(ask({ method: 'mdi' })).toThrow('method: expected one of ped-anova, fanova, found "mdi"');
  });
});

describe('several objectives', () => {
  const space: SearchSpace = { x: unit, y: unit, z: unit };
  const directions: Direction[] = ['minimize', 'maximize'];
  const history = sample(space, 300, (p) => [Number(p.x), Number(p.y)]);

  it('ask by default what leads to the front', () => {
    const result = shares(history, { space, directions }).shares;
    expect(result.x).toBeGreaterThan(0.2);
    expect(result.y).toBeGreaterThan(0.2);
    expect(result.z).toBeLessThan(0.1);
  });

  it('can ask for one of them', () => {
    for (const method of methods) {
      expect(shares(history, { space, directions, method, objective: 0 }).shares.x).toBeGreaterThan(0.9);
      expect(shares(history, { space, directions, method, objective: 1 }).shares.y).toBeGreaterThan(0.9);
    }
    expect(() => importances(history, { space, directions, method: 'fanova', objective: 'front' })).toThrow(
      'objective: expected one of 0, 1 for fanova, found "front"',
    );
  });
});

describe('fanova', () => {
  it('gives a sum of independent effects its exact shares, and leaves interactions to the rest', () => {
    const space: SearchSpace = { x: unit, y: unit };
    const sum = shares(
      sample(space, 1500, (p) => [Number(p.x) + 2 * Number(p.y)]),
      { space, directions: minimize, method: 'fanova' },
    );
    // Variances 1/12 and 4/12.
    expect(Math.abs(sum.shares.y - 0.8)).toBeLessThan(0.01);
    expect(sum.explained).toBeGreaterThan(0.98);
    const product = shares(
      sample(space, 1500, (p) => [(Number(p.x) - 0.5) * (Number(p.y) - 0.5)]),
      { space, directions: minimize, method: 'fanova' },
    );
    expect(product.explained).toBeLessThan(0.1);
  });

  it('measures log parameters on the scale that is searched only if asked to', () => {
    const space: SearchSpace = { lr: { type: 'float', low: 1e-6, high: 1, log: true }, x: unit };
    // lr matters below 1e-3 alone, which is half of the searched scale and nearly nothing of the linear one.
    const history = sample(space, 400, (p) => [(Number(p.lr) < 1e-3 ? 1 : 0) + 0.2 * Number(p.x)]);
    const share = (scale: 'searched' | 'linear') =>
      shares(history, { space, directions: minimize, method: 'fanova', scale }).shares.lr;
    expect(share('searched')).toBeGreaterThan(0.9);
    expect(share('linear')).toBeLessThan(0.5);
  });

  it('takes a bounded number of trials from a long history', () => {
    const space: SearchSpace = { x: unit, y: unit };
    const long = sample(space, 5000, (p) => [Number(p.x)]);
    const result = shares(long, { space, directions: minimize, method: 'fanova' });
    expect(result.shares.x).toBeGreaterThan(0.99);
    expect(result.trials).toBe(5000);
  });
});
