import { existsSync } from 'node:fs';
import { invalidData } from '../dataset-error.ts';
import type { DatasetSource } from '../dataset-source.ts';
import { readLabelledTexts } from '../formats/labelled-text.ts';
import type { RawTextDataset, RawTexts } from '../raw-dataset.ts';
import { TextCollector } from '../text-collector.ts';
import type { OwnFolder } from './own-folder.ts';
import { ownInfo } from './own-info.ts';

/** The file of the test part that belongs to `train.csv` or `train.jsonl`. */
const testFileOf = (path: string): string | undefined => {
  const test = path.replace(/train\.(csv|jsonl)$/, 'test.$1');
  return test !== path && existsSync(test) ? test : undefined;
};

/** Numbers as numbers, the rest by the alphabet. */
const byName = new Intl.Collator('en', { numeric: true }).compare;

/** Labels beyond this are no classes: a column of numbers or of names, say. */
const MOST_CLASSES = 10_000;

async function scan(path: string): Promise<{ classes: string[]; count: number }> {
  const classes = new Set<string>();
  let count = 0;
  for await (const { label } of readLabelledTexts(path)) {
    classes.add(label);
    if (classes.size > MOST_CLASSES)
      throw invalidData('has more labels than a dataset has classes', {
        file: path,
        expected: `at most ${MOST_CLASSES}`,
        found: 'more',
      });
    count++;
  }
  return { classes: [...classes].sort(byName), count };
}

/** The file is read once here, for its classes, and once more when it is prepared. */
export async function ownTexts(folder: OwnFolder, file: string): Promise<DatasetSource> {
  const { settings, fingerprint, name } = folder;
  const { classes, count } = await scan(file);
  const testFile = testFileOf(file);
  const test = testFile ? (await scan(testFile)).count : undefined;
  const shape: [number] = [settings.sequenceLength];

  const indexOf = new Map(classes.map((label, index) => [label, index]));
  async function read(path: string, words: Map<string, number>, signal?: AbortSignal): Promise<RawTexts> {
    const texts = new TextCollector(settings.sequenceLength, words);
    for await (const { text, label } of readLabelledTexts(path, signal)) {
      const index = indexOf.get(label);
      if (index === undefined)
        throw invalidData(`has a label that ${file} does not have`, {
          file: path,
          expected: classes.join(', ').slice(0, 400),
          found: label,
        });
      texts.add(text, index);
    }
    return texts.finish(name);
  }

  async function prepare({ signal }: { signal?: AbortSignal | undefined }): Promise<RawTextDataset> {
    const words = new Map<string, number>();
    const train = await read(file, words, signal);
    const held = testFile && (await read(testFile, words, signal));
    return { kind: 'text', shape, classes, words: [...words.keys()], train, ...(held && { test: held }) };
  }
  return {
    info: ownInfo(folder, { kind: 'text', shape, classes, count, test }),
    revision: fingerprint,
    prepare,
  };
}
