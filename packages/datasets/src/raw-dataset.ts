/**
 * A dataset as its publisher means it, before it is split: what a source makes, and what the cache keeps.
 *
 * Images are uint8, NHWC. Texts are ragged: the words of sample i are tokens[offsets[i] … offsets[i + 1] − 1],
 * each an index into `words`, in whatever order the source found them; the ranking by frequency follows once the
 * training part is known (`encode-texts.ts`).
 *
 * `groups` holds samples together that must not be torn apart by a split, because they show the same thing: frames
 * of one traffic sign, or copies of one mail. Equal numbers stay in one part.
 */
export interface RawImages {
  inputs: Uint8Array;
  labels: Int32Array;
  groups?: Int32Array;
}

export interface RawTexts {
  tokens: Int32Array;
  /** One more than there are samples. */
  offsets: Int32Array;
  labels: Int32Array;
  groups?: Int32Array;
}

/** What the catalogue says of images, too. */
export interface ImageForm {
  kind: 'image';
  /** Height, width, channels. */
  shape: [number, number, number];
  classes: string[];
}

export interface RawImageDataset extends ImageForm {
  train: RawImages;
  /** The publisher's own test part, where there is one. */
  test?: RawImages;
}

/** What the catalogue says of texts, too. */
export interface TextForm {
  kind: 'text';
  /** Tokens that are kept of a text, from its start. */
  shape: [number];
  classes: string[];
}

export interface RawTextDataset extends TextForm {
  words: string[];
  train: RawTexts;
  test?: RawTexts;
}

export type RawDataset = RawImageDataset | RawTextDataset;
export type RawPart = RawImages | RawTexts;
