/** What the samplers and pruners do, in a sentence each. */
import type { PrunerName, SamplerName } from '@onegin/contracts';

interface NamedText<Name> {
  readonly name: Name;
  readonly title: string;
  readonly explanation: string;
}

const named = <Name extends string>(texts: Record<Name, [title: string, explanation: string]>) =>
  Object.entries<[string, string]>(texts).map(([name, [title, explanation]]): NamedText<Name> => ({
    name: name as Name,
    title,
    explanation,
  }));

export const samplerTexts = named<SamplerName>({
  auto: ['Automatic', 'Picks by the search space, the number of trials and the mode.'],
  tpe: [
    'Tree-structured Parzen estimator',
    'Learns where good and where bad trials lie, and proposes what is much likelier among the good ones.',
  ],
  gp: ['Gaussian process', 'Models the objective over the whole space; strong with few trials.'],
  cmaes: ['CMA-ES', 'Moves and reshapes a cloud of proposals towards better ones; for numbers, many trials.'],
  qmc: ['Quasi-random', 'Covers the space evenly, without learning from results.'],
  nsga2: ['NSGA-II', 'Crosses the best trials with each other; made for several objectives.'],
  grid: ['Grid', 'Tries every combination in turn.'],
  random: ['Random', 'Draws every value at random; the yardstick for all others.'],
});

export const prunerTexts = named<PrunerName>({
  none: ['None', 'Every trial trains to its last epoch.'],
  median: ['Median', 'Stops a trial that is worse than the median of earlier trials at the same epoch.'],
  percentile: ['Percentile', 'Stops a trial that is not among the best n percent at the same epoch.'],
  threshold: ['Threshold', 'Stops a trial whose objective leaves the given bounds.'],
  asha: [
    'Successive halving',
    'Lets all trials train a little, and only the best of each round train on; paused trials may go on later.',
  ],
  hyperband: ['Hyperband', 'Successive halving with several ways to share the epochs, side by side.'],
  wilcoxon: ['Wilcoxon test', 'Stops a trial that is significantly worse than the best, epoch by epoch.'],
  patient: ['Patience', 'Stops a trial only after it has not improved for a number of epochs.'],
});
