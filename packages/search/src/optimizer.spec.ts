import { describe, expect, it } from '@jest/globals';
import type { SearchSpace } from '@onegin/contracts';
import { bestTrial, createOptimizer, paretoTrials } from './index.ts';
import type { OptimizerOptions, Trial } from './index.ts';

const space: SearchSpace = {
  lr: { type: 'float', low: 1e-4, high: 1, log: true },
  opt: { type: 'categorical', choices: ['sgd', 'adam'] },
  momentum: { type: 'float', low: 0, high: 0.9, when: { param: 'opt', in: ['sgd'] } },
};
const optimizerOf = (options: Partial<OptimizerOptions> = {}) =>
  createOptimizer({ space, sampler: { name: 'random' }, seed: 1, ...options });

describe('ask and tell', () => {
  it('numbers trials from 0 and keeps them as plain data', () => {
    const optimizer = optimizerOf();
    const asked = [optimizer.ask(), optimizer.ask()];
    optimizer.report(0, 1, 0.5);
    optimizer.tell(0, 0.25);
    expect(asked.map(({ number }) => number)).toEqual([0, 1]);
    expect(JSON.parse(JSON.stringify(optimizer.history))).toEqual([
      {
        number: 0,
        params: asked[0]!.params,
        state: 'completed',
        values: [0.25],
        reports: [{ step: 1, values: [0.5] }],
      },
      { number: 1, params: asked[1]!.params, state: 'running', values: null, reports: [] },
    ]);
  });

  it('goes on from a history as the optimizer that it came from', () => {
    const options = { sampler: { name: 'tpe', startupTrials: 4 } } as const;
    const original = optimizerOf(options);
    for (let i = 0; i < 20; i++) {
      const { number, params } = original.ask();
      if (i !== 15) original.tell(number, Number(params['lr']));
    }
    const history = JSON.parse(JSON.stringify(original.history)) as Trial[];
    const rebuilt = optimizerOf({ ...options, history });
    for (let i = 0; i < 5; i++) {
      const [a, b] = [original.ask(), rebuilt.ask()];
      expect(b).toEqual(a);
      original.tell(a.number, i);
      rebuilt.tell(b.number, i);
    }
  });

  it('answers with enqueued parameters first, and fills what they leave open', () => {
    const optimizer = optimizerOf();
    optimizer.enqueue({ lr: 0.1, opt: 'adam' });
    optimizer.enqueue({ opt: 'sgd' });
    expect(optimizer.ask().params).toEqual({ lr: 0.1, opt: 'adam' });
    const { params } = optimizer.ask();
    expect(params['opt']).toBe('sgd');
    expect(Object.keys(params).sort()).toEqual(['lr', 'momentum', 'opt']);
  });

  it('takes trials from elsewhere, even outside the space', () => {
    const optimizer = optimizerOf();
    expect(optimizer.addTrial({ params: { lr: 5 }, value: 1 })).toBe(0);
    expect(optimizer.addTrial({ params: { lr: 0.1, opt: 'adam' }, state: 'failed' })).toBe(1);
    expect(optimizer.ask().number).toBe(2);
  });

  it('takes NaN as failure, keeps infinity, and gives a pruned trial its last report', () => {
    const optimizer = optimizerOf();
    for (let i = 0; i < 4; i++) optimizer.ask();
    optimizer.tell(0, NaN);
    optimizer.tell(1, Infinity);
    optimizer.report(2, 3, 0.7);
    optimizer.tell(2, { state: 'pruned' });
    optimizer.tell(3, { state: 'failed' });
    expect(optimizer.history.map(({ state, values }) => [state, values])).toEqual([
      ['failed', null],
      ['completed', [Infinity]],
      ['pruned', [0.7]],
      ['failed', null],
    ]);
  });

  it('lets a paused trial go on', () => {
    const optimizer = optimizerOf();
    optimizer.ask();
    optimizer.report(0, 1, 0.9);
    optimizer.tell(0, { state: 'paused' });
    optimizer.report(0, 2, 0.4);
    optimizer.tell(0, 0.3);
    expect(optimizer.history[0]).toMatchObject({
      state: 'completed',
      values: [0.3],
      reports: [{ step: 1 }, { step: 2 }],
    });
  });

  it('sets a paused trial running again, outstanding until it is told again', () => {
    const optimizer = optimizerOf();
    optimizer.ask();
    optimizer.report(0, 1, 0.9);
    optimizer.tell(0, { state: 'paused' });
    expect(optimizer.history[0]).toMatchObject({ state: 'paused', values: [0.9] });
    optimizer.resume(0);
    expect(optimizer.history[0]).toMatchObject({ state: 'running', values: null, reports: [{ step: 1 }] });
    optimizer.report(0, 2, 0.4);
    optimizer.tell(0, 0.3);
    expect(optimizer.history[0]).toMatchObject({ state: 'completed', values: [0.3] });
  });

  it('says once when auto switches to another sampler', () => {
    const optimizer = optimizerOf({
      sampler: { name: 'auto' },
      history: Array.from({ length: 248 }, (_, number): Trial => ({
        number,
        params: { lr: 0.001 * (number + 1), opt: 'adam' },
        state: 'completed',
        values: [number],
        reports: [],
      })),
    });
    const said = Array.from({ length: 5 }, () => {
      const { number, warnings } = optimizer.ask();
      optimizer.tell(number, 1);
      return warnings.map(({ code }) => code);
    });
    expect(said).toEqual([[], [], ['SAMPLER_SWITCHED'], [], []]);
  });

  it('asks the pruner about a running trial, and gives the sampler only its peers', () => {
    const seen: number[] = [];
    const pruner = {
      judge: (trial: Trial) => ({
        verdict: trial.reports.length > 1 ? ('prune' as const) : ('continue' as const),
      }),
      peers: (number: number, history: readonly Trial[]) => {
        seen.push(number);
        return history.slice(0, 1);
      },
    };
    const optimizer = optimizerOf({ pruner });
    optimizer.ask();
    optimizer.report(0, 1, 1);
    expect(optimizer.judge(0)).toBe('continue');
    optimizer.report(0, 2, 1);
    expect(optimizer.judge(0)).toBe('prune');
    expect(seen).toEqual([0]);
  });

  it('computes constraints where it is given how', () => {
    const optimizer = optimizerOf({ constraints: ({ params }) => [Number(params['lr']) - 0.01] });
    const { number, params } = optimizer.ask();
    optimizer.tell(number, 1);
    expect(optimizer.history[0]!.constraints).toEqual([Number(params['lr']) - 0.01]);
  });
});

describe('bad input to ask and tell', () => {
  const running = () => {
    const optimizer = optimizerOf();
    optimizer.ask();
    return optimizer;
  };
  const trial: Trial = { number: 0, params: {}, state: 'completed', values: [1], reports: [] };

  const told = () => {
    const optimizer = running();
    optimizer.tell(0, NaN);
    return optimizer;
  };
  const reported = () => {
    const optimizer = running();
    optimizer.report(0, 2, 1);
    return optimizer;
  };
  const after = (...history: Trial[]) => optimizerOf({ history });

  it.each<[string, string, () => unknown]>([
    ['an empty space', 'space', () => optimizerOf({ space: {} })],
    ['no direction', 'directions', () => optimizerOf({ directions: [] })],
    ['an unknown direction', 'directions[0]', () => optimizerOf({ direction: 'up' as 'minimize' })],
    ['a broken seed', 'seed', () => optimizerOf({ seed: 0.5 })],
    ['an unknown sampler', 'sampler.name', () => optimizerOf({ sampler: { name: 'magic' } as never })],
    [
      'an unknown option',
      'sampler.gamma',
      () => optimizerOf({ sampler: { name: 'tpe', gamma: 1 } as never }),
    ],
    [
      'an option out of range',
      'sampler.candidates',
      () => optimizerOf({ sampler: { name: 'tpe', candidates: 0 } }),
    ],
    ['too many values', 'values', () => running().tell(0, [1, 2])],
    ['no value', 'values', () => running().tell(0, {})],
    ['a value that is text', 'values', () => running().tell(0, ['1' as never])],
    [
      'a constraint that is text',
      'constraints',
      () => running().tell(0, { value: 1, constraints: ['1' as never] }),
    ],
    ['a step that does not rise', 'step', () => reported().report(0, 2, 1)],
    ['a report of too many values', 'values', () => running().report(0, 1, [1, 2])],
    ['an unknown name enqueued', 'rate', () => running().enqueue({ rate: 1 })],
    ['a value outside its range enqueued', 'lr', () => running().enqueue({ lr: 2 })],
    ['numbers that fall', 'history', () => after({ ...trial, number: 3 }, trial)],
    ['a number that is none', 'number', () => after({ ...trial, number: -1 })],
    ['a completed trial without value', 'values', () => after({ ...trial, values: null })],
    ['a completed trial that is NaN', 'values', () => after({ ...trial, values: [NaN] })],
    ['an unknown state', 'state', () => after({ ...trial, state: 'done' as never })],
    ['the wrong count of values', 'values', () => after({ ...trial, values: [1, 2] })],
  ])('refuses %s and names the field', (_, field, action) => {
    const problems = [expect.objectContaining({ field })];
    expect(action).toThrow(expect.objectContaining({ code: 'request-invalid', problems }));
  });

  it('names every wrong field at once, with what was found', () => {
    expect(() => optimizerOf({ seed: -1, directions: [], sampler: { name: 'magic' } as never })).toThrow(
      'the search is not valid: directions: expected at least 1 items, found []; ' +
        'sampler.name: expected the name of a sampler: auto, tpe, gp, cmaes, qmc, nsga2, grid, random, found "magic"; ' +
        'seed: expected a number of at least 0, found -1',
    );
  });

  it.each<[string, string, () => unknown]>([
    ['trial-unknown', 'an unknown number', () => running().tell(1, 0)],
    ['trial-ended', 'a second telling', () => told().tell(0, 2)],
    ['trial-ended', 'a report after the end', () => told().report(0, 1, 1)],
    ['trial-not-paused', 'resuming what runs', () => running().resume(0)],
  ])('gives %s for %s', (code, _, action) => {
    expect(action).toThrow(expect.objectContaining({ name: 'OneginError', code }));
  });
});

describe('the best of a history', () => {
  const done = (number: number, values: number[], more: Partial<Trial> = {}): Trial => ({
    number,
    params: {},
    state: 'completed',
    values,
    reports: [],
    ...more,
  });

  it('is the first of the best feasible completed trials', () => {
    const history = [
      done(0, [3]),
      done(1, [1], { constraints: [1] }),
      done(2, [2]),
      done(3, [2]),
      done(4, [0], { state: 'pruned' }),
    ];
    expect(bestTrial(history, 'minimize')?.number).toBe(2);
    expect(bestTrial(history, 'maximize')?.number).toBe(0);
    expect(bestTrial([], 'minimize')).toBeUndefined();
  });

  it('is a front for several objectives', () => {
    const history = [done(0, [1, 1]), done(1, [2, 2]), done(2, [0, 0]), done(3, [2, 0])];
    expect(paretoTrials(history, ['minimize', 'maximize']).map(({ number }) => number)).toEqual([0, 1, 2]);
  });
});
