import type { DatasetDownload } from '@onegin/contracts';

/**
 * A file as its publisher offers it.
 * @param hosts addresses that it has, without its name, in order of preference
 * @param checksum SHA-256 or MD5, told apart by their length; absent where no publisher states one
 */
export const publishedFile = (
  hosts: readonly string[],
  file: string,
  checksum?: string,
  bytes?: number,
): DatasetDownload => ({
  file,
  urls: hosts.map((host) => host + file),
  ...(bytes && { bytes }),
  ...(checksum && { checksum: { algorithm: checksum.length === 32 ? 'md5' : 'sha256', value: checksum } }),
});
