import type { DatasetInfo, DatasetKind } from '@onegin/contracts';
import type { OwnFolder } from './own-folder.ts';

interface OwnFacts {
  kind: DatasetKind;
  shape: DatasetInfo['shape'];
  classes: string[];
  /** Training samples before the split. */
  count: number;
  /** Samples of the test part when there is one of its own. */
  test: number | undefined;
}

/** Sizes are tenths up to rounding per class; the exact ones are known once the dataset is loaded. */
export function ownInfo({ name, settings }: OwnFolder, facts: OwnFacts): DatasetInfo {
  const { kind, shape, classes, count } = facts;
  const tenth = Math.round(count / 10);
  const test = facts.test ?? tenth;
  const { title = name.replace('own/', ''), description, licence = 'not stated', page } = settings;
  const what = kind === 'image' ? 'images' : 'texts';
  return {
    name,
    title,
    description: description ?? `Own data: ${count} ${what} in ${classes.length} classes.`,
    kind,
    shape,
    classes,
    sizes: { train: count - tenth - (facts.test === undefined ? tenth : 0), validation: tenth, test },
    licence,
    ...(page && { page }),
    synthetic: false,
    bundled: false,
    downloads: [],
  };
}
