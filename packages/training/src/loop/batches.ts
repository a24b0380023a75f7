/** From training data to batches of the network's inputs. */
import { OneginError, PADDING_ID, UNKNOWN_ID } from '@onegin/contracts';
import type { DataPart, ModelConfig, TrainingData } from '@onegin/contracts';
import type { Batch } from '../network/network.ts';
import type { NetworkPlan } from '../network/plan.ts';

export interface BatchSource {
  count: number;
  labels: Int32Array;
  /** The samples of these indices, as the network reads them. */
  batch(indices: Int32Array): Batch;
}

export interface Sources {
  train: BatchSource;
  validation: BatchSource;
}

/**
 * Checks the data against the model, and readies both parts.
 * @throws OneginError `dataset-invalid` naming the part, what was expected and what was found
 */
export function openSources(data: TrainingData, model: ModelConfig, plan: NetworkPlan): Sources {
  const wanted = model.kind === 'cnn' ? 'image' : 'text';
  if (data.kind !== wanted)
    throw new OneginError(
      'dataset-invalid',
      `A ${model.kind.toUpperCase()} reads ${wanted} data, found ${data.kind} data.`,
    );
  for (const name of ['train', 'validation'] as const) checkPart(name, data[name], data);
  if (data.train.count < model.batchSize)
    throw new OneginError(
      'dataset-invalid',
      `The train part has ${data.train.count} samples, fewer than one batch of ${model.batchSize}.`,
    );
  return { train: openPart(data, 'train', plan), validation: openPart(data, 'validation', plan) };
}

/** A source over one part of the data, for a planned network. */
export function openPart(
  data: TrainingData,
  name: 'train' | 'validation' | 'test',
  plan: NetworkPlan,
): BatchSource {
  const part = data[name];
  if (!part) throw new OneginError('dataset-invalid', `The data has no ${name} part.`);
  return data.kind === 'image'
    ? imageSource(part as DataPart<Uint8Array>, data.shape)
    : textSource(part as DataPart<Int32Array>, data.shape[0], plan, name);
}

function checkPart(name: string, part: DataPart<Uint8Array | Int32Array>, data: TrainingData): void {
  const size = data.shape.reduce((a, b) => a * b, 1);
  const invalid = (message: string) => new OneginError('dataset-invalid', `The ${name} part ${message}.`);
  if (part.count < 1) throw invalid('has no samples');
  if (part.inputs.length !== part.count * size)
    throw invalid(`should hold ${part.count} × ${size} input values, found ${part.inputs.length}`);
  if (part.labels.length !== part.count)
    throw invalid(`should hold ${part.count} labels, found ${part.labels.length}`);
  const wrong = part.labels.findIndex((label) => label < 0 || label >= data.classes.length);
  if (wrong >= 0)
    throw invalid(
      `has label ${part.labels[wrong]} at sample ${wrong}; labels of ${data.classes.length} classes ` +
        `go from 0 to ${data.classes.length - 1}`,
    );
  if (name === 'train' && new Set(part.labels).size < 2)
    throw invalid('has samples of one class only: there is nothing to tell apart');
}

function imageSource({ inputs, labels, count }: DataPart<Uint8Array>, shape: readonly number[]): BatchSource {
  const size = shape.reduce((a, b) => a * b, 1);
  return {
    count,
    labels,
    batch(indices) {
      // A fresh array every time: the native engine shares its memory.
      const images = new Float32Array(indices.length * size);
      for (let row = 0; row < indices.length; row++)
        images.set(inputs.subarray(indices[row]! * size, (indices[row]! + 1) * size), row * size);
      return { inputs: { images }, labels: pick(labels, indices), size: indices.length };
    },
  };
}

function textSource(
  { inputs, labels, count }: DataPart<Int32Array>,
  tokens: number,
  plan: NetworkPlan,
  name: string,
): BatchSource {
  const steps = plan.inputShape[0]!;
  const vocabularySize = plan.model.kind === 'lstm' ? plan.model.vocabularySize : Infinity;
  const cut = cutTexts(inputs, count, tokens, steps, vocabularySize);
  if (name === 'train' && !cut.some((id) => id > UNKNOWN_ID))
    throw new OneginError(
      'dataset-invalid',
      `No text of the train part has a word among the ${vocabularySize} most frequent ones in its first ${steps}.`,
    );
  return {
    count,
    labels,
    batch(indices) {
      const size = indices.length;
      const ids = new Int32Array(steps * size);
      for (let row = 0; row < size; row++) {
        const from = indices[row]! * steps;
        // Time-major: the LSTM runs over whole batches step by step.
        for (let t = 0; t < steps; t++) ids[t * size + row] = cut[from + t]!;
      }
      return { inputs: { ids }, labels: pick(labels, indices), size };
    },
  };
}

/** Keeps the first `steps` tokens of each text, makes rare words unknown, and moves the padding to the front. */
export function cutTexts(
  inputs: Int32Array,
  count: number,
  tokens: number,
  steps: number,
  vocabularySize: number,
): Int32Array {
  const cut = new Int32Array(count * steps).fill(PADDING_ID);
  for (let row = 0; row < count; row++) {
    let length = tokens;
    while (length > 0 && inputs[row * tokens + length - 1] === PADDING_ID) length--;
    length = Math.min(length, steps);
    const to = row * steps + steps - length;
    for (let t = 0; t < length; t++) {
      const id = inputs[row * tokens + t]!;
      cut[to + t] = id >= 0 && id < vocabularySize ? id : UNKNOWN_ID;
    }
  }
  return cut;
}

const pick = (labels: Int32Array, indices: Int32Array): Int32Array => indices.map((index) => labels[index]!);

/** Indices from, from + 1, … below `to`. */
export const range = (from: number, to: number): Int32Array =>
  Int32Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
