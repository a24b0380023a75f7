export { datasetCatalog, datasetInfo } from './catalog.ts';
export { fetchDataset, type FetchedDataset, type FetchOptions } from './fetch-dataset.ts';
export type { DownloadProgress } from './files/download.ts';
export { listDatasets, type ListOptions } from './list-datasets.ts';
export { loadDataset, type LoadOptions, type PreparedStore } from './load-dataset.ts';
export { tokenize } from './tokenize.ts';
export { verifyDataset, type VerifiedDataset, type VerifiedFile } from './verify-dataset.ts';
