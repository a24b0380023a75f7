import type { DatasetDownload, DatasetInfo } from '@onegin/contracts';
import type { RawDataset } from './raw-dataset.ts';

export interface PrepareContext {
  /** Where the publisher's files lie, each under the name of its download. */
  filesDir: string;
  signal?: AbortSignal | undefined;
}

/** One dataset: what the catalogue says, and how the publisher's files become typed arrays. */
export interface DatasetSource {
  info: DatasetInfo;
  /** Other sets of files that `prepare` can do with instead of `info.downloads`, in order of preference. */
  alternatives?: DatasetDownload[][];
  /**
   * Goes up when `prepare` gives other values for the same files (or when a bundled package is updated): files in
   * the cache from before are then left aside.
   */
  revision: number | string;
  prepare(context: PrepareContext): Promise<RawDataset>;
}
