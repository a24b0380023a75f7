import { datasetInfoExamples, datasetInfoSchema } from '@onegin/contracts';
import { describe, expect, test } from '@jest/globals';
import { datasetCatalog, findSource } from './catalog.ts';

describe('the catalogue', () => {
  test.each(datasetCatalog.map((info) => [info.name, info] as const))('%s says all it must', (_, info) => {
    expect(datasetInfoSchema.parse(info)).toEqual(info);
    expect(info.shape).toHaveLength(info.kind === 'image' ? 3 : 1);
    expect(new Set(info.classes).size).toBe(info.classes.length);
    expect(info.bundled).toBe(info.downloads.length === 0);
  });

  test('the examples of the contract are valid', () => {
    for (const example of datasetInfoExamples) expect(datasetInfoSchema.parse(example)).toEqual(example);
  });

  test('only what a program drew is synthetic, and it says so in its title', () => {
    const synthetic = datasetCatalog.filter((info) => info.synthetic);
    expect(synthetic.map((info) => info.name)).toEqual(['shapes']);
    expect(synthetic[0]!.title).toMatch(/synthetic/i);
  });

  test('the known class counts', () => {
    const counts = Object.fromEntries(datasetCatalog.map(({ name, classes }) => [name, classes.length]));
    expect(counts).toMatchObject({
      mnist: 10,
      'fashion-mnist': 10,
      'cifar-10': 10,
      'cifar-100': 100,
      gtsrb: 43,
    });
    expect(counts).toMatchObject({ imdb: 2, reuters: 46, 'mnist-10k': 10, 'spam-assassin': 2 });
  });

  test.each(['mnits', 'own/nothing', 'own/../secret', '../etc', ''])(
    'there is no dataset %p',
    async (name) => {
      await expect(findSource(name, { cacheDir: '/nonexistent' })).rejects.toMatchObject({
        code: 'dataset-unknown',
        message: expect.stringContaining(`found '${name}'`),
      });
    },
  );
});
