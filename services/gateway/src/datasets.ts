/** The datasets that a job can name: the catalogue, and the user's own. */
import type { DatasetListing } from '@onegin/contracts';
import { listDatasets } from '@onegin/datasets';
import type { Logger } from '@onegin/service-kit';

/** Looking at the folders costs more than a request should; a new dataset shows after so long. */
const KEPT_MS = 5000;

export function datasetsOf(cacheDir: string, logger: Logger): () => Promise<readonly DatasetListing[]> {
  let listed: { at: number; datasets: Promise<DatasetListing[]> } | null = null;
  const complained = new Set<string>();
  const onProblem = (name: string, error: Error) => {
    if (!complained.has(name))
      logger.warn({ dataset: name, err: error }, 'a dataset of your own cannot be used');
    complained.add(name);
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
