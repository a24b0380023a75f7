/** Every dataset that Onegin knows by name, and the user's own. */
import { join } from 'node:path';
import type { DatasetInfo } from '@onegin/contracts';
import { datasetError } from './dataset-error.ts';
import type { DatasetSource } from './dataset-source.ts';
import { ownDataset, ownFolderName } from './own/own-dataset.ts';
import { cifar10, cifar100 } from './publishers/cifar.ts';
import { gtsrb } from './publishers/gtsrb.ts';
import { imdb } from './publishers/imdb.ts';
import { fashionMnist, mnist } from './publishers/mnist.ts';
import { reuters } from './publishers/reuters.ts';
import { mnist10k } from './samples/mnist-10k.ts';
import { shapes } from './samples/shapes.ts';
import { spamAssassin } from './samples/spam-assassin.ts';

/** Samples that need no download first. */
const sources: readonly DatasetSource[] = [
  mnist10k,
  spamAssassin,
  shapes,
  mnist,
  fashionMnist,
  cifar10,
  cifar100,
  gtsrb,
  imdb,
  reuters,
];

export const datasetCatalog: readonly DatasetInfo[] = sources.map((source) => source.info);

export const ownDirOf = ({ cacheDir, ownDir }: { cacheDir: string; ownDir?: string | undefined }): string =>
  ownDir ?? join(cacheDir, 'own');

/** @throws OneginError `dataset-unknown`, with the names there are */
export async function findSource(
  name: string,
  folders: { cacheDir: string; ownDir?: string | undefined },
): Promise<DatasetSource> {
  const source = sources.find(({ info }) => info.name === name);
  if (source) return source;
  if (ownFolderName(name)) return ownDataset(name, ownDirOf(folders));
  throw datasetError('dataset-unknown', 'there is no dataset of this name', {
    expected: `one of ${datasetCatalog.map((info) => info.name).join(', ')}, or own/NAME`,
    found: `'${name}'`,
  });
}

/**
 * What the catalogue says of a dataset, or what is read off the user's own.
 * @throws OneginError `dataset-unknown` when there is none of the name
 */
export const datasetInfo = async (name: string, where: { cacheDir: string }): Promise<DatasetInfo> =>
  (await findSource(name, where)).info;
