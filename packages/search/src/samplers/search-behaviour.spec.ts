/** What single samplers promise beyond the contract. */
import { describe, expect, it } from '@jest/globals';
import type { SearchSpace } from '@onegin/contracts';
import { HistoryTable } from '../history-table.ts';
import { bestTrial, createOptimizer, paretoTrials } from '../index.ts';
import type { Direction, SamplerOptions, Trial } from '../index.ts';
import { hypervolume } from '../math/hypervolume.ts';
import { encodeSpace } from '../space-encoding.ts';
import { branin, hartmann6, mixed } from '../testing/objectives.ts';
import type { Objective } from '../testing/objectives.ts';
import { autoChoice } from './auto.ts';
import { advance, drawPoint, initialState } from './cmaes/evolution.ts';
import { withMargin } from './cmaes/margin.ts';
import { warpLosses } from './gp/model-targets.ts';
import type { SamplerContext } from './sampler.ts';
import { streamOf } from '@onegin/contracts';

function bestAfter(objective: Objective, sampler: SamplerOptions, trials: number, seed = 1): number {
  const optimizer = createOptimizer({ space: objective.space, sampler, seed });
  for (let i = 0; i < trials; i++) {
    const { number, params } = optimizer.ask();
    optimizer.tell(number, objective.evaluate(params));
  }
  return bestTrial(optimizer.history, 'minimize')!.values![0]!;
}

describe('samplers find what random search does not', () => {
  it.each<[string, Objective, SamplerOptions, number]>([
    ['gp on branin', branin, { name: 'gp' }, 40],
    ['gp on a mixed space', mixed, { name: 'gp' }, 50],
    ['tpe on hartmann6', hartmann6, { name: 'tpe' }, 100],
    ['cmaes on branin', branin, { name: 'cmaes' }, 150],
    ['nsga2 on hartmann6', hartmann6, { name: 'nsga2', population: 20 }, 300],
  ])('%s', (_, objective, sampler, trials) => {
    const own = [1, 2, 3]
      .map((seed) => bestAfter(objective, sampler, trials, seed))
      .sort((a, b) => a - b)[1]!;
    const random = [1, 2, 3].map((seed) => bestAfter(objective, { name: 'random' }, trials, seed));
    expect(own).toBeLessThan(Math.min(...random));
  });
});

describe('gp', () => {
  it('keeps to constraints: the best feasible trial is near the border that holds the optimum back', () => {
    const space: SearchSpace = {
      x: { type: 'float', low: 0, high: 1 },
      y: { type: 'float', low: 0, high: 1 },
    };
    const optimizer = createOptimizer({
      space,
      sampler: { name: 'gp' },
      seed: 1,
      constraints: ({ params }) => [Number(params['x']) + Number(params['y']) - 1],
    });
    for (let i = 0; i < 35; i++) {
      const { number, params } = optimizer.ask();
      optimizer.tell(number, -Number(params['x']) - 2 * Number(params['y']));
    }
    // The best feasible point is (0, 1) with −2; without the constraint it would be −3.
    const best = bestTrial(optimizer.history, 'minimize')!.values![0]!;
    expect(best).toBeGreaterThanOrEqual(-2);
    expect(best).toBeLessThan(-1.95);
  });

  it('warps the worse half to the width of the better half, order kept, mean 0 and variance 1', () => {
    const warped = warpLosses([1, 2, 3, 4, 1e9, 5e9, Infinity]);
    const rising = [...warped].every((value, i) => i === 0 || value >= warped[i - 1]!);
    expect(rising).toBe(true);
    expect(Math.max(...warped) - warped[3]!).toBeLessThan(2 * (warped[3]! - warped[0]!));
    expect(warped.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 9);
    expect([...warpLosses([2, 2, 2])]).toEqual([0, 0, 0]);
  });
});

describe('cmaes', () => {
  it('comes down a badly scaled valley', () => {
    const n = 6;
    let state = initialState(new Float64Array(n).fill(0.8), 0.2);
    const random = streamOf(1, 'evolution');
    const valley = (x: Float64Array): number =>
      x.reduce((sum, value, d) => sum + 10 ** d * (value - 0.3) ** 2, 0);
    for (let generation = 0; generation < 300; generation++) {
      const population = Array.from({ length: 9 }, () =>
        drawPoint(
          state,
          state.mean.map(() => random.normal()),
        ),
      );
      state = advance(
        state,
        population.sort((a, b) => valley(a) - valley(b)),
      );
    }
    expect(valley(state.mean)).toBeLessThan(1e-10);
  });

  it('keeps a way out of every cell of a grid by its margin', () => {
    const encoded = encodeSpace({ n: { type: 'int', low: 0, high: 9 }, m: { type: 'int', low: 0, high: 9 } });
    const frozen = initialState(Float64Array.of(0.55, 0.02), 1e-6);
    const state = withMargin(frozen, encoded.dimensions, 6);
    const random = streamOf(1, 'margin');
    const draws = Array.from({ length: 4000 }, () =>
      drawPoint(state, Float64Array.of(random.normal(), random.normal())),
    );
    const leaving = (d: number, low: number, high: number): number =>
      draws.filter((x) => x[d]! < low || x[d]! > high).length / draws.length;
    // α = 1 / (2 · 6), a twelfth.
    expect(leaving(0, 0.5, 0.6)).toBeGreaterThan(0.06);
    expect(leaving(1, -Infinity, 0.1)).toBeGreaterThan(0.06);
  });

  it('begins where a given source was good', () => {
    const space: SearchSpace = {
      x: { type: 'float', low: 0, high: 1 },
      y: { type: 'float', low: 0, high: 1 },
    };
    const random = streamOf(1, 'source');
    const source = Array.from({ length: 100 }, () => {
      const params = { x: random.uniform(), y: random.uniform() };
      return { params, value: (params.x - 0.9) ** 2 + (params.y - 0.1) ** 2 };
    });
    const optimizer = createOptimizer({ space, sampler: { name: 'cmaes', source }, seed: 1 });
    const asked = Array.from({ length: 20 }, () => optimizer.ask().params);
    const near = asked.filter(({ x, y }) => Math.hypot(Number(x) - 0.9, Number(y) - 0.1) < 0.4);
    expect(near.length).toBeGreaterThan(15);
  });
});

describe('several objectives', () => {
  const space: SearchSpace = Object.fromEntries(
    Array.from({ length: 5 }, (_, i) => [`x${i}`, { type: 'float' as const, low: 0, high: 1 }]),
  );
  const directions: readonly Direction[] = ['minimize', 'minimize'];
  /** ZDT1 (Zitzler, Deb, Thiele 2000). */
  function covered(sampler: SamplerOptions, trials: number): number {
    const optimizer = createOptimizer({ space, directions, sampler, seed: 1 });
    for (let i = 0; i < trials; i++) {
      const { number, params } = optimizer.ask();
      const x = Object.values(params).map(Number);
      const g = 1 + (9 * x.slice(1).reduce((sum, value) => sum + value, 0)) / 4;
      optimizer.tell(number, [x[0]!, g * (1 - Math.sqrt(x[0]! / g))]);
    }
    const front = paretoTrials(optimizer.history, directions).map(({ values }) => values!);
    return hypervolume(front, [1.1, 6]);
  }

  it.each<[string, SamplerOptions, number]>([
    ['tpe', { name: 'tpe' }, 120],
    ['gp', { name: 'gp' }, 40],
    ['nsga2', { name: 'nsga2', population: 20 }, 200],
  ])('%s covers more than random search', (_, sampler, trials) => {
    expect(covered(sampler, trials)).toBeGreaterThan(covered({ name: 'random' }, trials));
  });
});

describe('grid', () => {
  it('visits every point once and then says that there are no more', () => {
    const space: SearchSpace = {
      x: { type: 'float', low: 1, high: 100, log: true },
      n: { type: 'int', low: 0, high: 1 },
    };
    const optimizer = createOptimizer({ space, sampler: { name: 'grid', levels: 3 }, seed: 1 });
    const asked = Array.from({ length: 6 }, () => optimizer.ask());
    const xs = new Set(asked.map(({ params }) => Number(Number(params['x']).toPrecision(9))));
    expect([...xs].sort((a, b) => a - b)).toEqual([1, 10, 100]);
    expect(new Set(asked.map(({ params }) => JSON.stringify(params))).size).toBe(6);
    expect(optimizer.ask().warnings.map(({ code }) => code)).toContain('GRID_EXHAUSTED');
  });
});

describe('the rule of auto', () => {
  const numbers: SearchSpace = { x: { type: 'float', low: 0, high: 1 }, n: { type: 'int', low: 0, high: 9 } };
  const choices: SearchSpace = { ...numbers, c: { type: 'categorical', choices: ['a', 'b'] } };
  const wide: SearchSpace = Object.fromEntries(
    Array.from({ length: 41 }, (_, i) => [`x${i}`, { type: 'float' as const, low: 0, high: 1 }]),
  );
  const choice = (space: SearchSpace, evaluated: number, objectives = 1, constraints?: number[]) => {
    const encoded = encodeSpace(space);
    const table = new HistoryTable(encoded);
    table.sync(
      Array.from({ length: evaluated }, (_, number): Trial => {
        const values = Array.from({ length: objectives }, () => number);
        return {
          number,
          params: {},
          state: 'completed',
          values,
          reports: [],
          ...(constraints && { constraints }),
        };
      }),
    );
    const directions = Array.from({ length: objectives }, () => 'minimize' as const);
    return autoChoice({ encoded, table, directions } as unknown as SamplerContext);
  };

  it('is what the documentation says', () => {
    expect([choice(numbers, 0), choice(choices, 249), choice(numbers, 10, 2)]).toEqual(['gp', 'gp', 'gp']);
    expect([choice(numbers, 250), choice(choices, 250), choice(numbers, 250, 2)]).toEqual([
      'cmaes',
      'tpe',
      'nsga2',
    ]);
    expect([choice(numbers, 250, 1, [0]), choice(wide, 0), choice(wide, 0, 2), choice(wide, 250)]).toEqual([
      'tpe',
      'tpe',
      'tpe',
      'cmaes',
    ]);
  });
});
