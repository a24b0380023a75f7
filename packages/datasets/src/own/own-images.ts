import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatasetSource } from '../dataset-source.ts';
import { imagesIn, readImageFolder, subfolders, type ImageShape } from '../formats/image-folder.ts';
import type { OwnFolder } from './own-folder.ts';
import { ownInfo } from './own-info.ts';

export async function ownImages(folder: OwnFolder): Promise<DatasetSource> {
  const { path, settings, fingerprint } = folder;
  const hasTest = existsSync(join(path, 'train')) && existsSync(join(path, 'test'));
  const train = hasTest ? join(path, 'train') : path;
  const classes = await subfolders(train);
  const shape: ImageShape = [settings.size, settings.size, settings.channels];
  const countIn = async (part: string): Promise<number> => {
    const perClass = classes.map((name) => join(part, name)).filter((dir) => existsSync(dir));
    const counts = await Promise.all(perClass.map(async (dir) => (await imagesIn(dir)).length));
    return counts.reduce((sum, count) => sum + count, 0);
  };
  const test = hasTest ? await countIn(join(path, 'test')) : undefined;
  return {
    info: ownInfo(folder, { kind: 'image', shape, classes, count: await countIn(train), test }),
    revision: fingerprint,
    async prepare({ signal }) {
      return {
        kind: 'image',
        shape,
        classes,
        train: await readImageFolder(train, classes, shape, signal),
        ...(hasTest && { test: await readImageFolder(join(path, 'test'), classes, shape, signal) }),
      };
    },
  };
}
