/** Every dataset that Onegin knows by name. */
import type { DatasetInfo } from '@onegin/contracts';
import { DatasetError } from './dataset-error.ts';
import type { DatasetSource } from './dataset-source.ts';
import { mnist10k } from './samples/mnist-10k.ts';
import { shapes } from './samples/shapes.ts';
import { spamAssassin } from './samples/spam-assassin.ts';

const sources: readonly DatasetSource[] = [mnist10k, spamAssassin, shapes];

/** What the catalogue says, samples that need no download first. */
export const datasetCatalog: readonly DatasetInfo[] = sources.map((source) => source.info);

export function findSource(name: string): DatasetSource {
  const source = sources.find(({ info }) => info.name === name);
  if (source) return source;
  throw new DatasetError('unknown-name', `there is no dataset of this name`, {
    expected: `one of ${datasetCatalog.map((info) => info.name).join(', ')}, or own/NAME`,
    found: `'${name}'`,
  });
}
