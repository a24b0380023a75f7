/** Options → pruner, the one place that knows all of them. */
import { invalid, parseOrThrow, prunerOptionsSchema, prunerProblems } from '@onegin/contracts';
import type { PrunerName, PrunerOptions, PrunerOptionsInput } from '@onegin/contracts';
import * as z from 'zod';
import { directionsSchema } from '../trial-history.ts';
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

const prunerSchema = z.object({
  pruner: prunerOptionsSchema,
  directions: directionsSchema,
  maxSteps: z.int().positive(),
});

/**
 * A pruner from its options, defaults filled in.
 * @throws OneginError `request-invalid`, naming every wrong field; an unknown name comes with the list of names
 */
export function createPruner(options: PrunerOptionsInput, config: PrunerConfig): Pruner {
  const { pruner } = parseOrThrow(prunerSchema, { ...config, pruner: options }, 'the pruner');
  const problems = prunerProblems(pruner, config.directions.length);
  if (problems.length > 0) throw invalid('the pruner', problems);
  return create(pruner, config);
}
