import { describe, expect, it } from '@jest/globals';
import { paused, running } from '../testing/trials.ts';
import { createPruner } from './create-pruner.ts';
import { bracketWeights, createHyperbandPruner } from './hyperband.ts';

const config = { directions: ['minimize'] as const, maxSteps: 27, seed: 11 };
const options = { name: 'hyperband', minSteps: 1, reduction: 3, mode: 'promote' } as const;
const hyperband = createHyperbandPruner(options, config);
const numbersOf = (bracket: number, count: number): number[] =>
  Array.from({ length: 2000 }, (_, n) => n)
    .filter((n) => hyperband.bracketOf(n) === bracket)
    .slice(0, count);

describe('hyperband', () => {
  it('shares trials among ⌊log₃ 27⌋ + 1 brackets by weight', () => {
    // ⌈4·27/4⌉, ⌈4·9/3⌉, ⌈4·3/2⌉, ⌈4·1/1⌉
    expect(bracketWeights(4, 3)).toEqual([27, 12, 6, 4]);
    const shares = [0, 0, 0, 0];
    const count = 20_000;
    for (let n = 0; n < count; n++) shares[hyperband.bracketOf(n)] += 1 / count;
    // Five standard deviations of a share.
    [27, 12, 6, 4].forEach((weight, b) => {
      const p = weight / 49;
      expect(Math.abs(shares[b] - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / count));
    });
  });

  it('knows a trial number’s bracket from the seed alone', () => {
    const again = createHyperbandPruner(options, config);
    const other = createHyperbandPruner(options, { ...config, seed: 12 });
    const brackets = (h: typeof again) => Array.from({ length: 100 }, (_, n) => h.bracketOf(99 - n));
    expect(brackets(again)).toEqual(brackets(hyperband));
    expect(brackets(other)).not.toEqual(brackets(hyperband));
  });

  it('compares at rungs that start later in later brackets', () => {
    for (const [bracket, rungs] of [[1, 3, 9], [3, 9], [9], []].entries()) {
      const [number] = numbersOf(bracket, 1);
      const judgedAt = Array.from({ length: 26 }, (_, i) => i + 1).filter(
        (step) => hyperband.judge(running(number, new Array<number>(step).fill(1)), []).verdict === 'pause',
      );
      expect(judgedAt).toEqual(rungs);
    }
  });

  it('compares and promotes within a bracket only', () => {
    const [a, b, c] = numbersOf(0, 3);
    const strangers = numbersOf(1, 5).map((n) => paused(n, [0, 0, 0.5]));
    const history = [paused(a, [0.5]), paused(b, [0.4]), ...strangers];
    expect(hyperband.judge(running(c, [0.3]), history).reason).toMatch(/^bracket 0: .* place 1 of 3/);
    expect(hyperband.peers(c, history).map((t) => t.number)).toEqual([a, b]);
    expect(hyperband.nextPromotion([paused(a, [0.5]), paused(b, [0.4]), paused(c, [0.6])])).toBe(b);
    // Step 3 is the first rung of bracket 1; the further trial goes first.
    expect(hyperband.nextPromotion([...history, paused(c, [0.6])])).toBe(strangers[0].number);
  });

  it('has one bracket that compares nothing where a trial is one step long', () => {
    const pruner = createPruner({ name: 'hyperband' }, { ...config, maxSteps: 1 });
    expect(pruner.peers(3, [running(0, []), running(1, [])])).toHaveLength(2);
  });
});
