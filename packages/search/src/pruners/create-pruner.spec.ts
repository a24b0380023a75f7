import { describe, expect, it } from '@jest/globals';
import { prunerNames, type PrunerOptionsInput } from '@onegin/contracts';
import { describePrunerContract } from '../testing/pruner-contract.ts';
import { createPruner } from './create-pruner.ts';

const config = { directions: ['minimize'] as const, maxSteps: 27, seed: 1 };

const variants: PrunerOptionsInput[] = [
  { name: 'none' },
  { name: 'median' },
  { name: 'median', startupTrials: 0, warmupSteps: 2, interval: 3, minTrials: 2 },
  { name: 'percentile', percentile: 10 },
  { name: 'patient', patience: 2 },
  { name: 'patient', patience: 2, minDelta: 0.05, wrapped: { name: 'median', startupTrials: 2 } },
  { name: 'patient', patience: 1, wrapped: { name: 'asha' } },
  { name: 'threshold', lower: -3, upper: 3 },
  { name: 'asha' },
  { name: 'asha', mode: 'stop', reduction: 2, minSteps: 2 },
  { name: 'hyperband' },
  { name: 'hyperband', mode: 'stop' },
  { name: 'wilcoxon' },
];
variants.forEach(describePrunerContract);

describe('createPruner', () => {
  it('is tested with every pruner there is', () => {
    expect(new Set(variants.map(({ name }) => name))).toEqual(new Set(prunerNames));
  });

  it('names every wrong field with what was found', () => {
    const create = (options: unknown) => () => createPruner(options as PrunerOptionsInput, config);
    expect(create({ name: 'asha', reduction: 1, minSteps: 0 })).toThrow(
      'pruner.minSteps: expected a number above 0, found 0; pruner.reduction: expected a number of at least 2, found 1',
    );
    expect(create({ name: 'median', startup: 3 })).toThrow(
      'pruner.startup: expected no field of this name, found 3',
    );
    expect(create({ name: 'hyper' })).toThrow(
      'pruner.name: expected the name of a pruner: none, median, percentile, threshold, asha, hyperband, wilcoxon, patient, found "hyper"',
    );
    expect(create({})).toThrow(/expected the name of a pruner.*found nothing/);
    expect(create(null)).toThrow(/pruner: .*found null/);
  });

  it('refuses a study without objectives or steps', () => {
    expect(() => createPruner({ name: 'none' }, { ...config, directions: [] })).toThrow(
      'directions: expected',
    );
    for (const maxSteps of [0, 1.5, NaN])
      expect(() => createPruner({ name: 'none' }, { ...config, maxSteps })).toThrow(
        expect.objectContaining({ problems: [expect.objectContaining({ field: 'maxSteps' })] }),
      );
  });
});
