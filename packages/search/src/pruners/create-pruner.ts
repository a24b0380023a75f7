/** Options → pruner, the one place that knows all of them. */
import {
  prunerOptionsSchema,
  type PrunerName,
  type PrunerOptions,
  type PrunerOptionsInput,
} from '@onegin/contracts';
import { parseOptions } from '../parse-options.ts';
import { SearchError } from '../search-error.ts';
import { createAshaPruner } from './asha.ts';
import { createHyperbandPruner } from './hyperband.ts';
import { createMedianPruner } from './median.ts';
import { createNonePruner } from './none.ts';
import { createPatientPruner } from './patient.ts';
import { createPercentilePruner } from './percentile.ts';
import type { Pruner, PrunerConfig } from './pruner.ts';
import { createThresholdPruner } from './threshold.ts';
import { createWilcoxonPruner } from './wilcoxon.ts';

type Create<N extends PrunerName> = (
  options: Extract<PrunerOptions, { name: N }>,
  config: PrunerConfig,
) => Pruner;

const creators: { [N in PrunerName]: Create<N> } = {
  none: createNonePruner,
  median: createMedianPruner,
  percentile: createPercentilePruner,
  threshold: createThresholdPruner,
  asha: createAshaPruner,
  hyperband: createHyperbandPruner,
  wilcoxon: createWilcoxonPruner,
  patient: (options, config) =>
    createPatientPruner(options, config, options.wrapped && create(options.wrapped, config)),
};

// The table pairs every name with the creator of just that name, which the index type can't express.
const create = (options: PrunerOptions, config: PrunerConfig): Pruner =>
  (creators[options.name] as Create<PrunerName>)(options, config);

/**
 * A pruner from its options, defaults filled in.
 * @throws SearchError that names every wrong field; an unknown name comes with the list of names
 */
export function createPruner(options: PrunerOptionsInput, config: PrunerConfig): Pruner {
  const { directions, maxSteps } = config;
  if (directions.length === 0)
    throw new SearchError(
      'INVALID_DIRECTIONS',
      'directions: expected one direction per objective, found none.',
      'directions',
    );
  if (!(Number.isInteger(maxSteps) && maxSteps >= 1))
    throw new SearchError(
      'INVALID_PRUNER_OPTION',
      `maxSteps: expected a whole number of at least 1, found ${maxSteps}.`,
      'maxSteps',
    );
  return create(parseOptions(prunerOptionsSchema, options, 'pruner', 'INVALID_PRUNER_OPTION'), config);
}
