import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ImageTrainingData, OneginError, TextTrainingData } from '@onegin/contracts';
import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { listDatasets } from '../list-datasets.ts';
import { loadDataset } from '../load-dataset.ts';
import { inTemporaryFolder } from '../testing/temporary-folder.ts';

type Files = Record<string, string | Buffer>;

function withOwn<T>(files: Files, work: (cacheDir: string) => Promise<T>): Promise<T> {
  return inTemporaryFolder(async (cacheDir) => {
    for (const [name, content] of Object.entries(files)) {
      const path = join(cacheDir, 'own', name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    }
    return work(cacheDir);
  });
}

const picture = (background: string, format: 'png' | 'jpeg' | 'webp' = 'png'): Promise<Buffer> =>
  sharp({ create: { width: 20, height: 12, channels: 3, background } })
    .toFormat(format)
    .toBuffer();

async function pictures(): Promise<Files> {
  const files: Files = {};
  for (let i = 0; i < 8; i++) {
    files[`colours/red/${i}.png`] = await picture('#ff0000', 'png');
    files[`colours/blue/${i}.webp`] = await picture('#0000ff', 'webp');
  }
  return files;
}

const csv = (rows: [string, string][]): string =>
  ['text,label', ...rows.map(([text, label]) => `"${text.replaceAll('"', '""')}",${label}`)].join('\n');
const reviews = Array.from({ length: 10 }, (_, i): [string, string][] => [
  [`so good, "really" good ${i}`, 'yes'],
  [`so bad\nand dull ${i}`, 'no'],
]).flat();

describe('a folder of images per class', () => {
  test('becomes a dataset', async () => {
    await withOwn({ ...(await pictures()), 'colours/notes.txt': 'not an image' }, async (cacheDir) => {
      const data = (await loadDataset('own/colours', { cacheDir })) as ImageTrainingData;
      expect(data.classes).toEqual(['blue', 'red']);
      expect(data.shape).toEqual([32, 32, 3]);
      expect([data.train.count, data.validation.count, data.test!.count]).toEqual([12, 2, 2]);
      const red = data.train.labels.indexOf(1);
      expect([...data.train.inputs.subarray(red * 3072, red * 3072 + 3)]).toEqual([255, 0, 0]);
    });
  });

  test('takes size and channels from dataset.json', async () => {
    const settings = JSON.stringify({ size: 16, channels: 1, title: 'Two colours' });
    await withOwn({ ...(await pictures()), 'colours/dataset.json': settings }, async (cacheDir) => {
      const data = await loadDataset('own/colours', { cacheDir });
      expect(data.shape).toEqual([16, 16, 1]);
      expect(data.train.inputs.length).toBe(data.train.count * 256);
      const listed = (await listDatasets({ cacheDir })).find(({ name }) => name === 'own/colours');
      expect(listed).toMatchObject({ title: 'Two colours', kind: 'image', ready: true, shape: [16, 16, 1] });
    });
  });

  test('every wrong setting is named', async () => {
    const settings = JSON.stringify({ size: 'large', colour: 'red' });
    await withOwn({ ...(await pictures()), 'colours/dataset.json': settings }, async (cacheDir) => {
      await expect(loadDataset('own/colours', { cacheDir })).rejects.toMatchObject({
        code: 'dataset-invalid',
        problems: [
          expect.objectContaining({ field: 'size', found: '"large"' }),
          expect.objectContaining({ field: 'colour', found: '"red"' }),
        ],
      });
    });
  });

  test('an image that is none', async () => {
    await withOwn({ ...(await pictures()), 'colours/red/9.jpg': 'not a picture' }, async (cacheDir) => {
      await expect(loadDataset('own/colours', { cacheDir })).rejects.toMatchObject({
        code: 'dataset-invalid',
        message: expect.stringContaining('9.jpg: is not an image that can be read'),
      });
    });
  });

  test('one class alone, or hardly any samples', async () => {
    const two: Files = { 'few/a/1.png': await picture('#000'), 'few/b/1.png': await picture('#fff') };
    await withOwn({ 'one/a/1.png': await picture('#000'), ...two }, async (cacheDir) => {
      await expect(loadDataset('own/one', { cacheDir })).rejects.toThrow('at least 2 classes');
      await expect(loadDataset('own/few', { cacheDir })).rejects.toThrow('is too small to split');
    });
  });
});

describe('a table of texts', () => {
  test.each([
    ['csv', csv(reviews)],
    ['jsonl', reviews.map(([text, label]) => JSON.stringify({ text, label })).join('\n')],
  ])('in %s becomes a dataset', async (ending, content) => {
    await withOwn({ [`opinions/data.${ending}`]: content }, async (cacheDir) => {
      const data = (await loadDataset('own/opinions', { cacheDir })) as TextTrainingData;
      expect(data.classes).toEqual(['no', 'yes']);
      const label = data.classes[data.train.labels[0]!];
      const words = [...data.train.inputs.subarray(0, 3)].map((id) => data.vocabulary[id]);
      expect(words).toEqual(label === 'yes' ? ['so', 'good', 'really'] : ['so', 'bad', 'and']);
    });
  });

  test('a change of the file is seen', async () => {
    await withOwn({ 'opinions/data.csv': csv(reviews) }, async (cacheDir) => {
      const before = await loadDataset('own/opinions', { cacheDir });
      const more = reviews.map(([text, label]): [string, string] => [`${text} indeed`, label]);
      await writeFile(join(cacheDir, 'own', 'opinions', 'data.csv'), csv([...reviews, ...more]));
      const after = await loadDataset('own/opinions', { cacheDir });
      expect(after.train.count).toBeGreaterThan(before.train.count);
    });
  });

  test.each([
    ['a missing column', 'text,kind\nhello,a', 'lacks a field in row 1'],
    ['a broken quote', 'text,label\n"hello,a', 'rows of comma-separated values'],
    [
      'empty texts alone',
      csv(
        Array(12)
          .fill(['', 'x'])
          .map(([t], i) => [t, i % 2 ? 'a' : 'b']),
      ),
      'holds a word',
    ],
    ['one class alone', csv(Array(12).fill(['hello there', 'x'])), 'nothing to tell apart'],
  ])('%s', async (_, content, message) => {
    await withOwn({ 'bad/data.csv': content }, async (cacheDir) => {
      await expect(loadDataset('own/bad', { cacheDir })).rejects.toMatchObject({
        code: 'dataset-invalid',
        message: expect.stringContaining(message),
      });
    });
  });

  test('a line without end', async () => {
    const text = `{"text":"a","label":"b"}\n${'x'.repeat(3_000_000)}`;
    await withOwn({ 'bad/data.jsonl': text }, async (cacheDir) => {
      await expect(loadDataset('own/bad', { cacheDir })).rejects.toThrow(
        'data.jsonl: holds a line that no text needs',
      );
    });
  });

  test('labels that are no classes', async () => {
    const rows = Array.from({ length: 10_001 }, (_, i): [string, string] => ['a text', `label-${i}`]);
    await withOwn({ 'bad/data.csv': csv(rows) }, async (cacheDir) => {
      await expect(loadDataset('own/bad', { cacheDir })).rejects.toThrow('has more labels than');
    });
  });

  test('a line that is not JSON', async () => {
    await withOwn({ 'bad/data.jsonl': '{"text":"a","label":"b"}\n{oops' }, async (cacheDir) => {
      await expect(loadDataset('own/bad', { cacheDir })).rejects.toThrow('expected a JSON object in line 2');
    });
  });
});

test('a folder that holds no dataset is left out of the list, with a word why', async () => {
  await withOwn({ 'empty/readme.md': 'nothing here', 'fine/data.csv': csv(reviews) }, async (cacheDir) => {
    const problems: [string, OneginError][] = [];
    const names = (await listDatasets({ cacheDir, onProblem: (...problem) => problems.push(problem) })).map(
      ({ name }) => name,
    );
    expect(names).toContain('own/fine');
    expect(names).not.toContain('own/empty');
    expect(problems).toEqual([
      ['own/empty', expect.objectContaining({ message: expect.stringMatching(/found readme\.md$/) })],
    ]);
  });
});
