/**
 * What holds for every sampler: `describeSampler('tpe', () => ({ name: 'tpe' }))` in a spec runs it.
 */
import { describe, expect, it } from '@jest/globals';
import { isActive, parameterAllows } from '@onegin/contracts';
import type { Params, SearchSpace } from '@onegin/contracts';
import { createOptimizer, createSuggester, suggest } from '../index.ts';
import type { Direction, SamplerOptions, Trial } from '../index.ts';

const conditionalSpace: SearchSpace = {
  opt: { type: 'categorical', choices: ['sgd', 'adam'] },
  lr: { type: 'float', low: 1e-5, high: 1, log: true },
  layers: { type: 'int', low: 1, high: 4 },
  units: { type: 'int', low: 16, high: 64, step: 16 },
  batch: { type: 'int', low: 8, high: 256, log: true },
  drop: { type: 'float', low: 0, high: 0.6, step: 0.1 },
  momentum: { type: 'float', low: 0, high: 0.99, when: { param: 'opt', in: ['sgd'] } },
  nesterov: { type: 'categorical', choices: [true, false], when: { param: 'opt', in: ['sgd'] } },
  warmup: { type: 'int', low: 0, high: 5, when: { param: 'nesterov', in: [true] } },
  only: { type: 'categorical', choices: ['one'] },
};
const smallSpace: SearchSpace = {
  a: { type: 'int', low: 0, high: 3 },
  b: { type: 'categorical', choices: ['x', 'y'] },
  c: { type: 'float', low: 0, high: 1, step: 0.5, when: { param: 'b', in: ['x'] } },
};
/** 4 · (3 + 1). */
const SMALL_POINTS = 16;

function score(params: Params): number {
  const lr = Math.log10(Number(params['lr'] ?? 1));
  return (
    (lr + 2) ** 2 +
    Number(params['layers'] ?? 0) +
    (params['opt'] === 'adam' ? 0 : 1 - Number(params['momentum'] ?? 0))
  );
}

export function expectAllowed(space: SearchSpace, params: Params): void {
  for (const [name, parameter] of Object.entries(space)) {
    const value = params[name];
    expect([name, isActive(space, name, params)]).toEqual([name, value !== undefined]);
    if (value !== undefined)
      expect([name, value, parameterAllows(parameter, value)]).toEqual([name, value, true]);
  }
  expect(Object.keys(params).filter((name) => !(name in space))).toEqual([]);
}

interface Told {
  readonly values: readonly number[] | null;
  readonly state?: Trial['state'];
  readonly constraints?: readonly number[];
}

/** A history made by the sampler itself. */
function historyOf(
  sampler: SamplerOptions,
  space: SearchSpace,
  count: number,
  tell: (params: Params, number: number) => Told,
  directions: readonly Direction[] = ['minimize'],
): { history: Trial[]; warnings: string[] } {
  const suggester = createSuggester({ space, directions, sampler, seed: 3 });
  const history: Trial[] = [];
  const warnings: string[] = [];
  for (let number = 0; number < count; number++) {
    const { params, warnings: said } = suggester.suggest(number, history);
    warnings.push(...said.filter(({ code }) => code === 'SAMPLER_FAILED').map(({ message }) => message));
    history.push({ number, params, state: 'completed', reports: [], ...tell(params, number) } as Trial);
  }
  return { history, warnings };
}

export function describeSampler(sampler: SamplerOptions, trials = 40): void {
  describe(`the contract of samplers: ${sampler.name}`, () => {
    const space = conditionalSpace;
    const single = (params: Params): Told => ({ values: [score(params)] });

    it('suggests what the space allows, conditions respected, without falling back', () => {
      const { history, warnings } = historyOf(sampler, space, trials, single);
      history.forEach(({ params }) => expectAllowed(space, params));
      expect(warnings).toEqual([]);
    });

    it('suggests the same for the same seed, number and history, whatever came before', () => {
      const { history } = historyOf(sampler, space, trials, single);
      const plain = JSON.parse(JSON.stringify(history)) as Trial[];
      const replayed = plain.map(({ number }) => {
        const settings = { space, directions: ['minimize'] as const, sampler, seed: 3 };
        return suggest({ ...settings, number, history: plain.slice(0, number) }).params;
      });
      expect(replayed).toEqual(plain.map(({ params }) => params));
      const rebuilt = createSuggester({ space, directions: ['minimize'], sampler, seed: 3 });
      const last = plain.at(-1)!;
      expect(rebuilt.suggest(last.number, plain.slice(0, -1)).params).toEqual(last.params);
    });

    it('suggests otherwise for another seed', () => {
      const first = (seed: number) => {
        const optimizer = createOptimizer({ space, sampler, seed });
        return [optimizer.ask().params, optimizer.ask().params, optimizer.ask().params];
      };
      expect(first(1)).not.toEqual(first(2));
    });

    it('keeps outstanding trials apart from each other, and takes answers in any order', () => {
      const optimizer = createOptimizer({ space, sampler, seed: 5 });
      const running: { number: number; params: Params }[] = [];
      for (let i = 0; i < trials; i++) {
        const asked = optimizer.ask();
        expect(running.map(({ params }) => params)).not.toContainEqual(asked.params);
        running.push(asked);
        if (running.length < 8) continue;
        const [told] = running.splice((i * 5) % 8, 1);
        optimizer.tell(told!.number, score(told!.params));
      }
      expect(new Set(optimizer.history.map(({ params }) => JSON.stringify(params))).size).toBe(trials);
    });

    it('tries every point of a small space before it repeats one, and says when there is none left', () => {
      const optimizer = createOptimizer({ space: smallSpace, sampler, seed: 2 });
      for (let i = 0; i < SMALL_POINTS; i++) {
        const { number, params } = optimizer.ask();
        optimizer.tell(number, Number(params['a']) + (params['b'] === 'x' ? Number(params['c']) : 2));
      }
      expect(new Set(optimizer.history.map(({ params }) => JSON.stringify(params))).size).toBe(SMALL_POINTS);
      const more = optimizer.ask();
      expectAllowed(smallSpace, more.params);
      expect(more.warnings.map(({ code }) => code)).toContain('SPACE_EXHAUSTED');
    });

    it.each<[string, (params: Params, number: number) => Told]>([
      ['all values tied', () => ({ values: [1] })],
      ['all trials failed', () => ({ values: null, state: 'failed' })],
      [
        'infinite values',
        (_, number) => ({ values: [number % 3 === 0 ? Infinity : number % 7 === 0 ? -Infinity : number] }),
      ],
      ['all values infinite', () => ({ values: [Infinity] })],
      ['huge and tiny values', (_, number) => ({ values: [number % 2 ? 1e300 : 1e-300] })],
      ['pruned trials only', (params) => ({ values: [score(params)], state: 'pruned' })],
      [
        'pruned trials without a value',
        (params, number) => (number % 2 ? { values: null, state: 'pruned' } : single(params)),
      ],
      [
        'no feasible trial',
        (params) => ({ values: [score(params)], constraints: [1 + Number(params['layers'])] }),
      ],
      ['constraints', (params) => ({ values: [score(params)], constraints: [Number(params['layers']) - 2] })],
    ])('goes on with %s', (_, tell) => {
      const { history, warnings } = historyOf(sampler, space, Math.min(trials, 25), tell);
      history.forEach(({ params }) => expectAllowed(space, params));
      expect(warnings).toEqual([]);
    });

    it('goes on with several objectives', () => {
      const tell = (params: Params): Told => ({ values: [score(params), -Number(params['layers'])] });
      const { history, warnings } = historyOf(sampler, space, 25, tell, ['minimize', 'maximize']);
      history.forEach(({ params }) => expectAllowed(space, params));
      expect(warnings).toEqual([]);
    });

    it('takes a history whose parameters are outside the current space', () => {
      const { history } = historyOf(sampler, space, 30, single);
      const narrow: SearchSpace = {
        ...space,
        lr: { type: 'float', low: 1e-3, high: 1e-2, log: true },
        extra: { type: 'int', low: 0, high: 3 },
      };
      const optimizer = createOptimizer({ space: narrow, sampler, seed: 1, history });
      for (let i = 0; i < 15; i++) {
        const { number, params, warnings } = optimizer.ask();
        expectAllowed(narrow, params);
        expect(warnings.filter(({ code }) => code === 'SAMPLER_FAILED')).toEqual([]);
        optimizer.tell(number, score(params));
      }
    });

    it('minimizes and maximizes alike', () => {
      const asked = (direction: Direction, sign: number) => {
        const optimizer = createOptimizer({ space, sampler, seed: 4, direction });
        return Array.from({ length: 20 }, () => {
          const { number, params } = optimizer.ask();
          optimizer.tell(number, sign * score(params));
          return params;
        });
      };
      expect(asked('maximize', -1)).toEqual(asked('minimize', 1));
    });
  });
}
