/** A tree of groups with float32 arrays as an HDF5 file, in memory. */
import { randomUUID } from 'node:crypto';
import type { Group } from 'h5wasm';

export interface HdfArray {
  shape: readonly number[];
  values: Float32Array;
}

export interface HdfGroup {
  /** Text attributes. */
  attributes?: Record<string, string>;
  groups?: Record<string, HdfGroup>;
  arrays?: Record<string, HdfArray>;
}

export async function writeHdf5(root: HdfGroup): Promise<Uint8Array> {
  // Loaded when needed: it is 4 MB, and only the final model is exported.
  const { File, ready } = await import('h5wasm');
  const { FS } = await ready;
  // Lives in the module's own file system in memory; nothing is written to disk.
  const path = `/${randomUUID()}.h5`;
  const file = new File(path, 'w');
  try {
    fill(file, root);
    file.flush();
  } finally {
    file.close();
  }
  const bytes = FS.readFile(path);
  FS.unlink(path);
  return bytes;
}

function fill(group: Group, { attributes = {}, groups = {}, arrays = {} }: HdfGroup): void {
  for (const [name, text] of Object.entries(attributes)) group.create_attribute(name, text);
  for (const [name, { shape, values }] of Object.entries(arrays)) {
    group.create_dataset({ name, data: values, shape: [...shape], dtype: '<f4' });
  }
  for (const [name, child] of Object.entries(groups)) fill(group.create_group(name), child);
}
