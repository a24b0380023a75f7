/**
 * What a network trains on: plain typed arrays, as `packages/datasets` produces them.
 *
 * Images: `inputs` is uint8, NHWC (sample, row, column, channel), count · height · width · channels values of
 * 0…255. Scaling to 0…1 is the network's first layer, never the dataset's work.
 *
 * Texts: `inputs` is int32, count rows of `shape[0]` token ids (the longest sequence that the dataset offers).
 * A row holds its tokens at the front and is filled up with 0 at the end. Ids:
 *   0 padding, 1 out of vocabulary, k ≥ 2 the (k − 1)-th most frequent word of the training part.
 * An id is therefore a frequency rank, and training cuts a text to the model without the dataset's help: the first
 * `sequenceLength` tokens are kept, ids ≥ `vocabularySize` become 1, and the padding is moved to the front, so that
 * the last step of an LSTM reads the last word. `vocabulary[id]` is the word, for people (entries 0 and 1 are
 * '<pad>' and '<unknown>').
 */

/** A part of a dataset: `count` inputs with their labels 0…classes − 1. */
export interface DataPart<Inputs extends Uint8Array | Int32Array> {
  inputs: Inputs;
  labels: Int32Array;
  count: number;
}

export interface ImageTrainingData {
  kind: 'image';
  /** Height, width, channels. */
  shape: [number, number, number];
  /** Class names; a label is an index into them. */
  classes: string[];
  train: DataPart<Uint8Array>;
  validation: DataPart<Uint8Array>;
  /** Held back from search; used for the final model only. */
  test?: DataPart<Uint8Array>;
}

export interface TextTrainingData {
  kind: 'text';
  /** Tokens per row. */
  shape: [number];
  classes: string[];
  /** Words by id. */
  vocabulary: string[];
  train: DataPart<Int32Array>;
  validation: DataPart<Int32Array>;
  test?: DataPart<Int32Array>;
}

export type TrainingData = ImageTrainingData | TextTrainingData;

/** Token ids with a meaning of their own. */
export const PADDING_ID = 0;
export const UNKNOWN_ID = 1;
