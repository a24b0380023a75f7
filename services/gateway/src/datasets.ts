/** The datasets that a job can use: the catalogue's and the user's own. */
import type { DatasetListing } from '@onegin/contracts';
import { listDatasets } from '@onegin/datasets';
import type { Logger } from '@onegin/service-kit';

/** Scanning the folders is too slow for every request; a new dataset appears after this time at the latest. */
const KEPT_MS = 5000;

export type Datasets = () => Promise<readonly DatasetListing[]>;

export function datasetsOf(cacheDir: string, logger: Logger): Datasets {
  let listed: { at: number; datasets: Promise<DatasetListing[]> } | null = null;
  const reported = new Set<string>();
  const onProblem = (name: string, error: Error) => {
    if (!reported.has(name)) logger.warn({ dataset: name, err: error }, 'a user dataset cannot be used');
    reported.add(name);
  };
  return () => {
    if (!listed || Date.now() - listed.at > KEPT_MS) {
      const datasets = listDatasets({ cacheDir, onProblem });
      datasets.catch(() => (listed = null));
      listed = { at: Date.now(), datasets };
    }
    return listed.datasets;
  };
}
