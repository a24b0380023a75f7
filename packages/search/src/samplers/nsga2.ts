/**
 * NSGA-II: an evolving population for several objectives (Deb, Pratap, Agarwal, Meyarivan, "A Fast and Elitist
 * Multiobjective Genetic Algorithm: NSGA-II", IEEE TEC 6, 2002), also usable for one.
 *
 * Parents are picked by binary tournaments on (violation, rank, crowding), children made by simulated binary
 * crossover of numbers, exchange of categories, and polynomial mutation. The population follows from the
 * evaluated trials in the order of their numbers: every `population` of them meet the parents, the best stay.
 */
import type { RandomStream } from '@onegin/contracts';
import type { OptionsOf } from '../sampler-options.ts';
import { fromUnit, isActiveIn, toUnit, type Dimension } from '../space-encoding.ts';
import { compareFitness, survivors, type Member } from './nsga2/selection.ts';
import { rankedEvidence, type RankedTrial } from './ranked-evidence.ts';
import type { Proposal, Sampler, SamplerContext } from './sampler.ts';
import { startupRow } from './startup.ts';

/** Distribution indices: how near children stay to their parents. */
const CROSSOVER_INDEX = 15;
const MUTATION_INDEX = 20;

export function createNsga2Sampler(options: OptionsOf<'nsga2'> = {}): Sampler {
  const { population = 50, crossover = 0.9, mutation } = options;
  let kept: { parents: readonly Member[]; used: readonly RankedTrial[] } | undefined;
  const propose = (context: SamplerContext): Proposal => {
    const trials = rankedEvidence(context);
    if (trials.length < population) return { row: startupRow(context, population) };
    const goesOn = kept?.used.every((trial, i) => isSame(trial, trials[i]));
    let parents = goesOn ? kept!.parents : [];
    let used = goesOn ? kept!.used.length : 0;
    for (; used + population <= trials.length; used += population)
      parents = survivors([...parents, ...trials.slice(used, used + population)], population);
    kept = { parents, used: trials.slice(0, used) };
    const rate = mutation ?? 1 / context.encoded.dimensions.length;
    return { row: child(context, parents, crossover, rate) };
  };
  return { name: 'nsga2', propose };
}

const isSame = (a: RankedTrial, b: RankedTrial | undefined): boolean =>
  a.row === b?.row && a.violation === b.violation && a.losses.every((value, m) => value === b.losses[m]);

function child(
  context: SamplerContext,
  parents: readonly Member[],
  crossover: number,
  mutation: number,
): Float64Array {
  const { encoded, random } = context;
  const first = tournament(parents, random).row;
  const second = random.uniform() < crossover ? tournament(parents, random).row : first;
  const row = new Float64Array(first.length).fill(NaN);
  encoded.dimensions.forEach((dimension, d) => {
    if (!isActiveIn(dimension, row)) return;
    row[d] = mutated(dimension, inherited(dimension, first[d]!, second[d]!, random), mutation, random);
  });
  return row;
}

function tournament(parents: readonly Member[], random: RandomStream): Member {
  const a = parents[random.integer(parents.length)]!;
  const b = parents[random.integer(parents.length)]!;
  return compareFitness(b, a) < 0 ? b : a;
}

/** A value from both parents; from one where the other has none; else at random. */
function inherited(dimension: Dimension, a: number, b: number, random: RandomStream): number {
  const u = random.uniform();
  const pickFirst = random.uniform() < 0.5;
  if (Number.isNaN(a) && Number.isNaN(b)) return fromUnit(dimension, u);
  if (Number.isNaN(a)) return b;
  if (Number.isNaN(b)) return a;
  if (a === b || dimension.categorical) return pickFirst ? a : b;
  const exponent = 1 / (CROSSOVER_INDEX + 1);
  const beta = u < 0.5 ? (2 * u) ** exponent : (0.5 / (1 - u)) ** exponent;
  const [x, y] = [toUnit(dimension, a), toUnit(dimension, b)];
  const side = pickFirst ? 1 : -1;
  return fromUnit(dimension, clamp(0.5 * (x + y + side * beta * (x - y))));
}

function mutated(dimension: Dimension, value: number, rate: number, random: RandomStream): number {
  if (random.uniform() >= rate || dimension.cells === 1) return value;
  const u = random.uniform();
  if (dimension.categorical) {
    // Another choice than the one there is.
    const other = Math.floor(u * (dimension.cells - 1));
    return other >= value ? other + 1 : other;
  }
  const exponent = 1 / (MUTATION_INDEX + 1);
  const step = u < 0.5 ? (2 * u) ** exponent - 1 : 1 - (2 * (1 - u)) ** exponent;
  const moved = fromUnit(dimension, clamp(toUnit(dimension, value) + step));
  // A step shorter than the grid's would be none.
  return moved === value && dimension.step > 0 ? fromUnit(dimension, random.uniform()) : moved;
}

const clamp = (u: number): number => Math.min(1, Math.max(0, u));
