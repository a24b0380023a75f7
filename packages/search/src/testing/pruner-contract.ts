/** What holds for every pruner, whatever its options. Call it inside a spec. */
import { describe, expect, it } from '@jest/globals';
import { streamOf, type PrunerOptionsInput } from '@onegin/contracts';
import { createPruner, type Judgement } from '../pruners/index.ts';
import type { Direction, Trial } from '../trial-history.ts';
import { simulateStudy } from './simulate-study.ts';

const MAX_STEPS = 9;
const SEED = 5;
const objectives: Direction[][] = [['minimize'], ['maximize'], ['minimize', 'maximize']];

/** Finished trials with noisy falling curves, and one that runs. */
function someHistory(directions: readonly Direction[], count = 12): Trial[] {
  const random = streamOf(SEED, 'contract-history');
  return Array.from({ length: count }, (_, number): Trial => {
    const level = random.uniform();
    const reports = Array.from({ length: MAX_STEPS }, (_, i) => ({
      step: i + 1,
      values: directions.map(
        (d) => (d === 'minimize' ? 1 : -1) * (level + 1 / (i + 1) + 0.1 * random.normal()),
      ),
    }));
    return { number, params: {}, state: 'completed', values: reports[MAX_STEPS - 1].values, reports };
  });
}

function runningTrial(number: number, curve: readonly (readonly number[])[]): Trial {
  const reports = curve.map((values, i) => ({ step: i + 1, values }));
  return { number, params: {}, state: 'running', values: null, reports };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}

function expectProper(judgement: Judgement): void {
  expect(['continue', 'pause', 'prune']).toContain(judgement.verdict);
  expect(judgement.reason).not.toBe('');
}

export function describePrunerContract(options: PrunerOptionsInput): void {
  describe(`every pruner, here ${JSON.stringify(options)}`, () => {
    describe.each(objectives.map((directions) => [directions.join(' and '), directions] as const))(
      'with %s',
      (_label, directions) => {
        const create = () => createPruner(options, { directions, maxSteps: MAX_STEPS, seed: SEED });
        const curve = (value: number, length: number) =>
          Array.from({ length }, () => directions.map(() => value));

        it('lets a trial without reports go on', () => {
          expect(create().judge(runningTrial(12, []), someHistory(directions)).verdict).toBe('continue');
          expect(create().judge(runningTrial(0, []), []).verdict).toBe('continue');
        });

        it('says what it does in an empty history and where nobody completed', () => {
          const unfinished = someHistory(directions).map((t): Trial => ({
            ...t,
            state: 'failed',
            values: null,
          }));
          for (const history of [[], unfinished])
            for (let length = 1; length < MAX_STEPS; length++)
              expectProper(create().judge(runningTrial(12, curve(0.5, length)), history));
        });

        it('defines NaN and infinite values, in the trial and in the history', () => {
          const odd = [NaN, Infinity, -Infinity];
          for (const value of odd)
            for (let length = 1; length < MAX_STEPS; length++) {
              const trial = runningTrial(12, curve(value, length));
              expectProper(create().judge(trial, someHistory(directions)));
              const strange = odd.map((v, i): Trial => ({
                ...runningTrial(i, curve(v, MAX_STEPS)),
                state: 'completed',
                values: directions.map(() => v),
              }));
              expectProper(create().judge(trial, strange));
              expectProper(create().judge(runningTrial(12, curve(0.5, length)), strange));
            }
        });

        it('answers from its arguments alone and changes none of them', () => {
          const history = deepFreeze(someHistory(directions));
          const trials = [0.1, 0.9, 2, -2].map((v) => deepFreeze(runningTrial(12, curve(v, 3))));
          const used = create();
          const first = trials.map((trial) => used.judge(trial, history));
          const again = trials.map((trial) => used.judge(trial, history));
          const fresh = trials.map((trial) => create().judge(trial, structuredClone(history)));
          expect(again).toEqual(first);
          expect(fresh).toEqual(first);
        });

        it('judges alike whether the trial stands in the history or not', () => {
          const history = someHistory(directions);
          for (let length = 1; length < MAX_STEPS; length++) {
            const trial = runningTrial(12, curve(0.7, length));
            const stale = runningTrial(12, curve(0.1, length));
            const alone = create().judge(trial, history);
            expect(create().judge(trial, [...history, trial])).toEqual(alone);
            expect(create().judge(trial, [...history, stale])).toEqual(alone);
          }
        });

        it('treats a maximized objective as its negative minimized', () => {
          const flip = (trial: Trial): Trial => ({
            ...trial,
            values: trial.values?.map((v) => -v) ?? null,
            reports: trial.reports.map((r) => ({ ...r, values: r.values.map((v) => -v) })),
          });
          const other = directions.map((d): Direction => (d === 'minimize' ? 'maximize' : 'minimize'));
          const flipped = createPruner(flipBounds(options), {
            directions: other,
            maxSteps: MAX_STEPS,
            seed: SEED,
          });
          const history = someHistory(directions);
          for (const value of [0.2, 0.8, 1.5, -1])
            for (let length = 1; length < MAX_STEPS; length++) {
              const trial = runningTrial(12, curve(value, length));
              expect(flipped.judge(flip(trial), history.map(flip)).verdict).toBe(
                create().judge(trial, history).verdict,
              );
            }
        });

        it.each([1, 4])('brings a study of %i workers to an end with a completed trial', (workers) => {
          for (const trials of [1, 5, 40]) {
            const { history } = simulate(create, trials, workers, noisyCurve(directions));
            expect(history).toHaveLength(trials);
            expect(history.filter((t) => t.state === 'running')).toEqual([]);
            expect(history.some((t) => t.state === 'completed')).toBe(true);
          }
        });

        it('brings a study of tied trials to an end with a completed trial', () => {
          const { history } = simulate(create, 20, 3, () => directions.map(() => 0.5));
          // Patience without anyone to ask ends every trial that doesn't improve: that is what it is for.
          if (!(options.name === 'patient' && !options.wrapped))
            expect(history.some((t) => t.state === 'completed')).toBe(true);
        });

        it('pauses only where it said it might', () => {
          const pruner = create();
          for (let number = 12; number < 20; number++)
            for (let length = 1; length < MAX_STEPS; length++) {
              const until = pruner.runsUntil(number, length - 1);
              expect(until).toBeGreaterThanOrEqual(length);
              expect(until).toBeLessThanOrEqual(MAX_STEPS);
              const { verdict } = pruner.judge(
                runningTrial(number, curve(9, length)),
                someHistory(directions),
              );
              if (verdict === 'pause') expect(until).toBe(length);
            }
        });

        it('shows samplers trials of the history, with values that were reported', () => {
          const history = [...someHistory(directions), runningTrial(12, curve(1, 2)), runningTrial(13, [])];
          for (let number = 0; number < 20; number++)
            for (const peer of create().peers(number, history)) {
              const trial = history[peer.number];
              expect(peer.params).toBe(trial.params);
              if (peer.state === 'completed')
                expect([trial.values, ...trial.reports.map((r) => r.values)]).toContain(peer.values);
              else expect(peer).toBe(trial);
            }
        });
      },
    );
  });
}

function noisyCurve(directions: readonly Direction[]) {
  return (number: number, step: number): number[] => {
    const random = streamOf(SEED, number);
    const levels = directions.map(() => random.uniform());
    return levels.map((level, j) => (directions[j] === 'minimize' ? 1 : -1) * (level + 1 / step));
  };
}

function simulate(
  create: () => ReturnType<typeof createPruner>,
  trials: number,
  workers: number,
  curve: (number: number, step: number) => number[],
) {
  return simulateStudy({
    pruner: create(),
    trials,
    workers,
    maxSteps: MAX_STEPS,
    ask: () => ({}),
    report: (_params, step, number) => curve(number, step),
  });
}

function flipBounds(options: PrunerOptionsInput): PrunerOptionsInput {
  if (options.name !== 'threshold') return options;
  const { lower, upper, ...rest } = options;
  return {
    ...rest,
    ...(upper !== undefined && { lower: -upper }),
    ...(lower !== undefined && { upper: -lower }),
  };
}
