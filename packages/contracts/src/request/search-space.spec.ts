import { describe, expect, it } from '@jest/globals';
import { isActive, parameterAllows, searchSpaceExamples, searchSpaceSchema } from './search-space.ts';

const problems = (space: unknown) =>
  searchSpaceSchema.safeParse(space).error?.issues.map((issue) => issue.path.join('.')) ?? [];

describe('searchSpaceSchema', () => {
  it.each(searchSpaceExamples.map((space, index) => [index, space] as const))(
    'accepts example %i',
    (_i, space) => {
      expect(problems(space)).toEqual([]);
    },
  );

  it('names every wrong field', () => {
    expect(
      problems({
        a: { type: 'float', low: 2, high: 1 },
        b: { type: 'float', low: 0, high: 1, log: true },
        c: { type: 'int', low: 0, high: 10, step: 3 },
        d: { type: 'categorical', choices: [] },
        e: { type: 'float', low: 0, high: Infinity },
      }),
    ).toEqual(['a.high', 'b.low', 'c.step', 'd.choices', 'e.high']);
  });

  it('takes a single value, and a grid that is exact but for rounding', () => {
    expect(problems({ a: { type: 'float', low: 1, high: 1 } })).toEqual([]);
    expect(problems({ a: { type: 'float', low: 0, high: 0.3, step: 0.1 } })).toEqual([]);
    expect(problems({ a: { type: 'float', low: 0, high: 0.3, step: 0.2 } })).toEqual(['a.step']);
    expect(problems({ a: { type: 'float', low: 0, high: 1, step: 0 } })).toEqual(['a.step']);
  });

  it('takes no grid on a logarithmic axis, but for whole numbers', () => {
    const axis = { low: 1, high: 8, log: true };
    expect(problems({ a: { type: 'int', ...axis, step: 1 } })).toEqual([]);
    expect(problems({ a: { type: 'int', ...axis, step: 7 } })).toEqual(['a.step']);
    expect(problems({ a: { type: 'float', ...axis, step: 1 } })).toEqual(['a.step']);
  });

  it('takes choices and conditions that name each value once', () => {
    expect(problems({ a: { type: 'categorical', choices: [1, '1', true] } })).toEqual([]);
    expect(problems({ a: { type: 'categorical', choices: [1, 2, 1] } })).toEqual(['a.choices']);
    const own = { type: 'int', low: 0, high: 3, when: { param: 'a', in: [1] } };
    expect(problems({ a: own })).toEqual(['a.when']);
  });

  it('refuses conditions on missing parameters, impossible values and loops', () => {
    const number = { type: 'int', low: 0, high: 3 };
    expect(problems({ a: { ...number, when: { param: 'z', in: [1] } } })).toEqual(['a.when.param']);
    expect(problems({ a: number, b: { ...number, when: { param: 'a', in: [9] } } })).toEqual(['b.when.in.0']);
    expect(
      problems({
        a: { ...number, when: { param: 'b', in: [1] } },
        b: { ...number, when: { param: 'a', in: [1] } },
      }),
    ).toEqual(['a.when', 'b.when']);
  });

  it('refuses an empty space', () => {
    expect(searchSpaceSchema.safeParse({}).success).toBe(false);
  });
});

describe('parameterAllows', () => {
  it('respects range, grid and choices', () => {
    expect(parameterAllows({ type: 'float', low: 0, high: 0.6, step: 0.1 }, 0.3)).toBe(true);
    expect(parameterAllows({ type: 'float', low: 0, high: 0.6, step: 0.1 }, 0.35)).toBe(false);
    const int = { type: 'int', low: 1, high: 4 } as const;
    expect([0, 1, 2.5, 4, 5].map((value) => parameterAllows(int, value))).toEqual([
      false,
      true,
      false,
      true,
      false,
    ]);
    expect([1, 2, 3].map((value) => parameterAllows({ ...int, high: 5, step: 2 }, value))).toEqual([
      true,
      false,
      true,
    ]);
    expect(parameterAllows({ type: 'float', low: 0, high: 1 }, 0.123)).toBe(true);
    expect(parameterAllows({ type: 'float', low: 0, high: 1 }, '0.5')).toBe(false);
    expect(parameterAllows({ type: 'float', low: 0, high: 1 }, NaN)).toBe(false);
    expect(parameterAllows({ type: 'categorical', choices: ['a', 1] }, '1')).toBe(false);
  });
});

describe('isActive', () => {
  it('follows nested conditions', () => {
    const space = searchSpaceSchema.parse({
      a: { type: 'categorical', choices: ['x', 'y'] },
      b: { type: 'int', low: 0, high: 2, when: { param: 'a', in: ['x'] } },
      c: { type: 'int', low: 0, high: 2, when: { param: 'b', in: [1, 2] } },
    });
    expect(isActive(space, 'c', { a: 'x', b: 1 })).toBe(true);
    expect(isActive(space, 'c', { a: 'y', b: 1 })).toBe(false);
    expect(isActive(space, 'c', { a: 'x', b: 0 })).toBe(false);
    expect(isActive(space, 'c', { a: 'x' })).toBe(false);
    expect([isActive(space, 'a', {}), isActive(space, 'z', {})]).toEqual([true, false]);
  });
});
