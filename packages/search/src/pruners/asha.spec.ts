import { describe, expect, it } from '@jest/globals';
import { streamOf, type PrunerOptionsInput } from '@onegin/contracts';
import { simulateStudy } from '../testing/simulate-study.ts';
import { completed, paused, running, trialOf } from '../testing/trials.ts';
import type { Direction, Trial } from '../trial-history.ts';
import { createPruner } from './create-pruner.ts';

const asha = (options: Partial<PrunerOptionsInput> = {}, directions: readonly Direction[] = ['minimize']) =>
  createPruner({ name: 'asha', ...options } as PrunerOptionsInput, { directions, maxSteps: 27, seed: 0 });

/** Numbers 0, 1, … paused at the first rung with these values. */
const atFirstRung = (...values: number[]): Trial[] => values.map((value, i) => paused(i, [value]));

describe('asha with promotion', () => {
  it('pauses at a rung until one in three is its place, then goes straight on', () => {
    expect(asha().judge(running(0, [0.5]), []).verdict).toBe('pause');
    expect(asha().judge(running(1, [0.1]), atFirstRung(0.5)).verdict).toBe('pause');
    const third = asha().judge(running(2, [0.3]), atFirstRung(0.5, 0.4));
    expect(third).toEqual({
      verdict: 'continue',
      reason: '0.3 at the rung of step 1 is place 1 of 3, where the best 1 go on',
    });
    expect(asha().judge(running(2, [0.45]), atFirstRung(0.5, 0.4)).verdict).toBe('pause');
  });

  it('promotes the best paused trial once later arrivals make room', () => {
    expect(asha().nextPromotion(atFirstRung(0.5, 0.4))).toBeNull();
    expect(asha().nextPromotion(atFirstRung(0.5, 0.4, 0.6))).toBe(1);
    // Number 1 has gone on, so that its place is taken.
    const taken = atFirstRung(0.5, 0.4, 0.6).with(1, running(1, [0.4, 0.4]));
    expect(asha().nextPromotion(taken)).toBeNull();
    expect(asha().nextPromotion([...taken, ...[3, 4, 5].map((n) => paused(n, [0.9]))])).toBe(0);
  });

  it('serves the highest rung first', () => {
    const higher = [0.1, 0.2, 0.3].map((value, i) => paused(10 + i, [0.5, 0.5, value]));
    expect(asha().nextPromotion([...atFirstRung(0.05, 0.06, 0.07), ...higher])).toBe(10);
  });

  it('judges only on arrival at a rung, the rungs being 1, 3 and 9 of 27 steps', () => {
    const rivals = Array.from({ length: 9 }, (_, i) => completed(i, new Array<number>(27).fill(0)));
    const pausedAt = Array.from({ length: 26 }, (_, i) => i + 1).filter(
      (step) => asha().judge(running(99, new Array<number>(step).fill(1)), rivals).verdict === 'pause',
    );
    expect(pausedAt).toEqual([1, 3, 9]);
    expect([0, 1, 2, 3, 8, 9].map((step) => asha().runsUntil(99, step))).toEqual([1, 3, 3, 9, 9, 27]);
  });

  it('takes the first report after a rung where the rung itself was not reported', () => {
    const late: Trial = { ...running(2, []), reports: [{ step: 2, values: [0.1] }] };
    expect(asha().judge(late, atFirstRung(0.5, 0.4)).verdict).toBe('continue');
  });

  it('prunes what diverged and gives it no place, but counts it', () => {
    for (const value of [NaN, Infinity])
      expect(asha().judge(running(2, [value]), atFirstRung(0.5, 0.4)).verdict).toBe('prune');
    expect(asha().nextPromotion([paused(0, [NaN]), paused(1, [0.4]), paused(2, [0.6])])).toBe(1);
  });

  it('passes the place of a failed or pruned trial to the next', () => {
    for (const state of ['failed', 'pruned'] as const)
      expect(asha().nextPromotion(atFirstRung(0.5, 0.4, 0.6).with(1, trialOf(1, state, [0.4])))).toBe(0);
  });

  it('breaks ties by number', () => {
    expect(asha().nextPromotion(atFirstRung(0.5, 0.5, 0.5))).toBe(0);
    expect(asha().judge(running(2, [0.5]), atFirstRung(0.5, 0.5)).verdict).toBe('pause');
  });

  it('puts feasible trials before infeasible ones', () => {
    const infeasible = paused(0, [0.1], { constraints: [2, -1] });
    expect(asha().nextPromotion([infeasible, paused(1, [0.7], { constraints: [0] }), paused(2, [0.9])])).toBe(
      1,
    );
  });

  it('compares several objectives by nondomination, then by crowding', () => {
    const two = asha({}, ['minimize', 'maximize']);
    const at = (number: number, values: number[]) => paused(number, [values]);
    // 1 dominates the others.
    expect(two.nextPromotion([at(0, [1, 1]), at(1, [0, 2]), at(2, [2, 0])])).toBe(1);
    // A front of four and two dominated ones: the ends of the front go first, then the loneliest.
    const front = [at(0, [0, 0]), at(1, [1, 1]), at(2, [5, 8]), at(3, [9, 9]), at(4, [9, 0]), at(5, [9, 1])];
    expect(two.nextPromotion(front)).toBe(0);
    expect(two.nextPromotion(front.with(0, completed(0, [[0, 0]])))).toBe(3);
  });

  it('lets at least one trial of every rung go on when closing', () => {
    expect(asha().nextPromotion(atFirstRung(0.5), { closing: true })).toBe(0);
    expect(asha().nextPromotion(atFirstRung(0.5, 0.4), { closing: true })).toBe(1);
    expect(asha().nextPromotion([paused(0, [NaN])], { closing: true })).toBeNull();
    expect(asha().nextPromotion([], { closing: true })).toBeNull();
  });

  it('spends at most a few steps a trial, and the best trial is among the completed', () => {
    const level = (number: number) => streamOf(3, number).uniform();
    const { history, steps, promotions } = simulateStudy({
      pruner: asha(),
      trials: 81,
      workers: 4,
      maxSteps: 27,
      ask: () => ({}),
      report: (_params, step, number) => [level(number) + 1 / step],
    });
    const best = history.reduce((a, b) => (level(b.number) < level(a.number) ? b : a));
    expect(best.state).toBe('completed');
    expect(promotions.length).toBeGreaterThan(0);
    // Each rung costs 81/3^k · (r_k+1 − r_k) steps in the synchronous case: 81 + 54 + 54 + 54.
    expect(steps).toBeLessThan(1.5 * (81 + 54 + 54 + 54));
  });
});

describe('what a sampler learns from under asha', () => {
  const further = Array.from({ length: 29 }, (_, i) =>
    completed(i, new Array<number>(27).fill(0).fill(i, 0, 3)),
  );
  const waiting = Array.from({ length: 3 }, (_, i) => paused(40 + i, [i]));

  it('is the value at the highest rung that thirty trials reached', () => {
    const view = asha().peers(99, [...further, ...waiting]);
    expect(view.map((t) => t.state)).toEqual(new Array(32).fill('completed'));
    expect(view.map((t) => t.values)).toEqual([...further.map((_, i) => [i]), [0], [1], [2]]);
    const one = paused(50, [7, 7, 7]);
    const next = asha().peers(99, [...further, one, ...waiting]);
    expect(next.slice(29)).toEqual([{ ...one, state: 'completed', values: [7] }, ...waiting]);
  });

  it('is the history itself once thirty trials have completed', () => {
    const history = [...further, completed(29, new Array<number>(27).fill(1)), ...waiting];
    expect(asha().peers(99, history)).toBe(history);
  });

  it('leaves failed trials, and those without a report there, as they are', () => {
    const odd = [trialOf(0, 'failed', [1]), running(1, []), { ...completed(2, []), values: [3] }];
    expect(asha().peers(99, odd)).toEqual(odd);
  });
});

describe('asha without promotion', () => {
  it('prunes for good, and lets the first at a rung pass', () => {
    const stop = asha({ mode: 'stop' } as Partial<PrunerOptionsInput>);
    expect(stop.judge(running(0, [0.5]), []).verdict).toBe('continue');
    expect(stop.judge(running(1, [0.6]), [running(0, [0.5])]).verdict).toBe('prune');
    expect(stop.nextPromotion(atFirstRung(0.5, 0.4, 0.6))).toBeNull();
  });
});

describe('asha with too few steps for a rung', () => {
  it('lets everything run', () => {
    const pruner = createPruner({ name: 'asha' }, { directions: ['minimize'], maxSteps: 1, seed: 0 });
    expect(pruner.judge(running(0, [NaN]), []).verdict).toBe('continue');
  });
});
