import { existsSync } from 'node:fs';
import { OneginError, type DatasetListing } from '@onegin/contracts';
import { datasetCatalog, findSource, ownDirOf } from './catalog.ts';
import { invalidData } from './dataset-error.ts';
import { listOwnNames } from './own/own-dataset.ts';
import { preparedPath } from './prepare-dataset.ts';

export interface ListOptions {
  cacheDir: string;
  ownDir?: string;
  /** Called for each own folder that holds no usable dataset; it is left out of the list. */
  onProblem?: (name: string, error: OneginError) => void;
}

/** The catalogue and the user's own datasets, with what is ready on this machine. */
export async function listDatasets(options: ListOptions): Promise<DatasetListing[]> {
  const names = [...datasetCatalog.map(({ name }) => name), ...(await listOwnNames(ownDirOf(options)))];
  const listings: DatasetListing[] = [];
  for (const name of names) {
    try {
      const source = await findSource(name, options);
      const { info } = source;
      const here =
        info.bundled || info.downloads.length === 0 || existsSync(preparedPath(options.cacheDir, source));
      if (info.classes.length < 2)
        throw invalidData(`${name} has nothing to tell apart`, {
          expected: 'at least 2 classes',
          found: info.classes.join(', ') || 'none',
        });
      listings.push({ ...info, ready: here });
    } catch (error) {
      if (!(error instanceof OneginError)) throw error;
      options.onProblem?.(name, error);
    }
  }
  return listings;
}
