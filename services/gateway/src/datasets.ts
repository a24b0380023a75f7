/** The datasets that a job can name, as the catalogue has them. */
import type { DatasetListing } from '@onegin/contracts';
import { datasetCatalog } from '@onegin/datasets';

export const listDatasets = async (): Promise<readonly DatasetListing[]> =>
  datasetCatalog.map((info) => ({ ...info, ready: info.bundled }));
