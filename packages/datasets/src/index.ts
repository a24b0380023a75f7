export { datasetCatalog } from './catalog.ts';
export { DatasetError, type DatasetErrorCode, type DatasetProblem } from './dataset-error.ts';
export { loadDataset, type LoadOptions } from './load-dataset.ts';
