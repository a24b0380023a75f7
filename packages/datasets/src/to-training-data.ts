/**
 * From a publisher's dataset to what a trial trains on: train, validation and test part.
 *
 * The test part is the publisher's where there is one, otherwise a tenth held back with a seed that never changes:
 * every study of a dataset is judged on the same test samples. A tenth of the rest is for validation.
 */
import type { DataPart, TrainingData } from '@onegin/contracts';
import { encodeTexts, rankWords } from './encode-texts.ts';
import type { RawDataset, RawImageDataset, RawImages, RawTextDataset } from './raw-dataset.ts';
import { stratifiedSplit } from './split.ts';

const TEST_SHARE = 0.1;
/** With a test part of our own this is a ninth of what is left, so that validation and test are of one size. */
const VALIDATION_SHARE = 0.1;
const TEST_SEED = 20_240_229;

interface PartIndices {
  train: Int32Array;
  validation: Int32Array;
  /** Indices into the training part when the publisher has no test part. */
  test?: Int32Array;
}

function splitIndices(dataset: RawDataset, seed: number): PartIndices {
  const { labels, groups } = dataset.train;
  if (dataset.test) {
    const { first, second } = stratifiedSplit(labels, VALIDATION_SHARE, seed, groups);
    return { train: first, validation: second };
  }
  const { first: rest, second: test } = stratifiedSplit(labels, TEST_SHARE, TEST_SEED, groups);
  const pick = (values: Int32Array): Int32Array => rest.map((index) => values[index]!);
  const share = VALIDATION_SHARE / (1 - TEST_SHARE);
  const inner = stratifiedSplit(pick(labels), share, seed, groups && pick(groups));
  return {
    train: inner.first.map((i) => rest[i]!),
    validation: inner.second.map((i) => rest[i]!),
    test,
  };
}

/** @param seed decides which samples are for validation; the test part doesn't depend on it */
export function toTrainingData(dataset: RawDataset, seed: number): TrainingData {
  const indices = splitIndices(dataset, seed);
  return dataset.kind === 'image' ? imageData(dataset, indices) : textData(dataset, indices);
}

function imageData(dataset: RawImageDataset, { train, validation, test }: PartIndices): TrainingData {
  const [height, width, channels] = dataset.shape;
  const take = (from: RawImages, samples: Int32Array): DataPart<Uint8Array> =>
    takeImages(from, samples, height * width * channels);
  const held = dataset.test
    ? { inputs: dataset.test.inputs, labels: dataset.test.labels, count: dataset.test.labels.length }
    : test && take(dataset.train, test);
  return {
    kind: 'image',
    shape: dataset.shape,
    classes: dataset.classes,
    train: take(dataset.train, train),
    validation: take(dataset.train, validation),
    ...(held && { test: held }),
  };
}

function takeImages(from: RawImages, samples: Int32Array, size: number): DataPart<Uint8Array> {
  const inputs = new Uint8Array(samples.length * size);
  samples.forEach((sample, row) => {
    inputs.set(from.inputs.subarray(sample * size, (sample + 1) * size), row * size);
  });
  return { inputs, labels: samples.map((sample) => from.labels[sample]!), count: samples.length };
}

function textData(dataset: RawTextDataset, { train, validation, test }: PartIndices): TrainingData {
  const { vocabulary, idOf } = rankWords(dataset.words, dataset.train, train);
  const length = dataset.shape[0];
  const encode = (samples: Int32Array): DataPart<Int32Array> =>
    encodeTexts(dataset.train, samples, idOf, length);
  const all = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i);
  const held = dataset.test
    ? encodeTexts(dataset.test, all(dataset.test.labels.length), idOf, length)
    : test && encode(test);
  return {
    kind: 'text',
    shape: dataset.shape,
    classes: dataset.classes,
    vocabulary,
    train: encode(train),
    validation: encode(validation),
    ...(held && { test: held }),
  };
}
