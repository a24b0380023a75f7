/**
 * From ragged texts to rows of ids that are frequency ranks in the training part:
 * 0 padding, 1 out of vocabulary, k ≥ 2 the (k − 1)-th most frequent word; ties go by the word itself, so that the
 * ids don't depend on the order of the source. A word that the training part shows once teaches nothing about
 * itself and is out of vocabulary.
 */
import { PADDING_ID, UNKNOWN_ID, type DataPart } from '@onegin/contracts';
import { invalidData } from './dataset-error.ts';
import type { RawTexts } from './raw-dataset.ts';

const FEWEST_OCCURRENCES = 2;
const LARGEST_VOCABULARY = 50_000;

export interface RankedWords {
  /** Word by id, with '<pad>' and '<unknown>' in front. */
  vocabulary: string[];
  /** Id by index into the source's words. */
  idOf: Int32Array;
}

/** @throws OneginError when no word occurs twice: every input would read '<unknown>' */
export function rankWords(words: readonly string[], texts: RawTexts, samples: Int32Array): RankedWords {
  const counts = new Int32Array(words.length);
  for (const i of samples) {
    for (let t = texts.offsets[i]!; t < texts.offsets[i + 1]!; t++) counts[texts.tokens[t]!]!++;
  }
  const ranked = [...counts.keys()]
    .filter((word) => counts[word]! >= FEWEST_OCCURRENCES)
    .sort((a, b) => counts[b]! - counts[a]! || (words[a]! < words[b]! ? -1 : 1))
    .slice(0, LARGEST_VOCABULARY - 2);
  if (ranked.length === 0)
    throw invalidData('every word of the training texts would be out of vocabulary', {
      expected: `some word that occurs ${FEWEST_OCCURRENCES} times`,
      found: `${samples.length} texts without one`,
    });
  const idOf = new Int32Array(words.length).fill(UNKNOWN_ID);
  ranked.forEach((word, rank) => (idOf[word] = rank + 2));
  const vocabulary = ['<pad>', '<unknown>', ...ranked.map((word) => words[word]!)];
  return { vocabulary, idOf };
}

/** Rows of `length` ids, filled up with padding at the end. */
export function encodeTexts(
  texts: RawTexts,
  samples: Int32Array,
  idOf: Int32Array,
  length: number,
): DataPart<Int32Array> {
  const inputs = new Int32Array(samples.length * length).fill(PADDING_ID);
  const labels = new Int32Array(samples.length);
  samples.forEach((sample, row) => {
    labels[row] = texts.labels[sample]!;
    const start = texts.offsets[sample]!;
    const words = Math.min(texts.offsets[sample + 1]! - start, length);
    for (let t = 0; t < words; t++) inputs[row * length + t] = idOf[texts.tokens[start + t]!]!;
  });
  return { inputs, labels, count: samples.length };
}
