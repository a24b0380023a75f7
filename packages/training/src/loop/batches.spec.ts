import { describe, expect, it } from '@jest/globals';
import { modelConfigFromParams, type TrainingData } from '@onegin/contracts';
import { planForData } from '../network/plan.ts';
import { tinyImages, tinyTexts } from '../testing/tiny-data.ts';
import { cutTexts, openSources, range } from './batches.ts';

const cnn = modelConfigFromParams('cnn', { batchSize: 32 });
const lstm = modelConfigFromParams('lstm', { batchSize: 32, vocabularySize: 20, sequenceLength: 4 });

const open = (data: TrainingData, model = data.kind === 'image' ? cnn : lstm) =>
  openSources(data, model, planForData(model, data));

const refusal = (change: (data: TrainingData) => void, data: TrainingData = tinyImages()) => {
  change(data);
  return () => open(data);
};
const invalid = (message: RegExp) =>
  expect.objectContaining({
    code: 'dataset-invalid',
    message: expect.stringMatching(message),
  });

describe('cutTexts', () => {
  const tokens = Int32Array.from([5, 6, 7, 8, 9, 0, /**/ 3, 30, 0, 0, 0, 0, /**/ 0, 0, 0, 0, 0, 0]);

  it('keeps the first tokens, hides rare words and moves the padding to the front', () => {
    expect([...cutTexts(tokens, 3, 6, 4, 20)]).toEqual([5, 6, 7, 8, 0, 0, 3, 1, 0, 0, 0, 0]);
  });
});

describe('batches', () => {
  it('hold the asked images in order, in an array of their own', () => {
    const data = tinyImages();
    const { train } = open(data);
    const batch = train.batch(Int32Array.of(5, 2));
    const images = (batch.inputs as { images: Float32Array }).images;
    expect(images.slice(0, 144)).toEqual(Float32Array.from(data.train.inputs.subarray(5 * 144, 6 * 144)));
    expect(images.slice(144)).toEqual(Float32Array.from(data.train.inputs.subarray(2 * 144, 3 * 144)));
    expect([...batch.labels]).toEqual([2, 2]);
    expect((train.batch(Int32Array.of(5, 2)).inputs as { images: Float32Array }).images).not.toBe(images);
  });

  it('hold texts time-major', () => {
    const data = tinyTexts();
    data.train.inputs.set([5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0], 0);
    data.train.inputs.set([9, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 12);
    const { ids } = open(data).train.batch(range(0, 2)).inputs as { ids: Int32Array };
    expect([...ids]).toEqual([5, 0, 6, 0, 7, 9, 8, 10]);
  });
});

describe('openSources refuses', () => {
  it.each([
    [
      'a label outside the classes',
      refusal((d) => (d.train.labels[4] = 3)),
      /train part has label 3 at sample 4.*0 to 2/,
    ],
    ['a negative label', refusal((d) => (d.validation.labels[0] = -1)), /validation part has label -1/],
    ['one class only', refusal((d) => d.train.labels.fill(1)), /one class only/],
    [
      'fewer samples than a batch',
      refusal(() => undefined, tinyImages(1, 30)),
      /30 samples, fewer than one batch of 32/,
    ],
    ['no samples', refusal(() => undefined, tinyImages(1, 64, 0)), /validation part has no samples/],
    ['inputs of another size', refusal((d) => (d.train.count = 100)), /100 × 144 input values, found/],
    ['missing labels', refusal((d) => (d.train.labels = d.train.labels.slice(1))), /192 labels, found 191/],
  ])('%s', (_what, attempt, message) => {
    expect(attempt).toThrow(invalid(message));
  });

  it.each([
    ['are all empty', 0],
    ['hold unknown words only', 1],
    ['hold rare words only', 25],
  ])('texts that %s', (_what, id) => {
    expect(refusal((d) => d.train.inputs.fill(id), tinyTexts())).toThrow(
      invalid(/No text of the train part has a word/),
    );
  });

  it('texts for a CNN', () => {
    const texts = tinyTexts();
    expect(() => openSources(texts, cnn, planForData(lstm, texts))).toThrow(
      invalid(/CNN reads image data, found text/),
    );
  });
});
