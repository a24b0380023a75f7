/**
 * IMDB and Reuters as Keras publishes them: an .npz with pickled lists of word numbers, and a JSON file that gives
 * each word its number. The numbers are kept as the source's words here and ranked again on our training part, so that
 * Keras's special ids (start 1, unknown 2, index_from 3) do not come into it.
 */
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { messageOf } from '@onegin/contracts';
import { invalidData } from '../dataset-error.ts';
import { LARGEST_WORD_INDEX, tooLarge } from '../formats/limits.ts';
import type { NpyArray } from '../formats/npy.ts';
import type { RawTexts } from '../raw-dataset.ts';
import { TextCollector } from '../text-collector.ts';

export const KERAS_HOSTS = ['https://storage.googleapis.com/tensorflow/tf-keras-datasets/'];

const wordIndexSchema = z.record(z.string(), z.int().min(1).max(10_000_000));

/** Words by number; a number without a word is written '#17'. */
export async function readWordIndex(path: string): Promise<string[]> {
  const { size } = await stat(path);
  if (size > LARGEST_WORD_INDEX) throw tooLarge(basename(path), LARGEST_WORD_INDEX, `${size}`);
  let index: Record<string, number>;
  try {
    index = wordIndexSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw invalidData('is not a word index', {
      file: basename(path),
      expected: 'a JSON object from words to numbers from 1',
      found: messageOf(cause).slice(0, 120),
      cause,
    });
  }
  const words: string[] = [];
  for (const [word, number] of Object.entries(index)) words[number] = word;
  return Array.from(words, (word, number) => word ?? `#${number}`);
}

/** One part from the arrays of texts and labels. @throws OneginError when they don't match */
export function kerasTexts(
  file: string,
  texts: NpyArray,
  labels: NpyArray,
  words: readonly string[],
  longest: number,
): RawTexts {
  const rows = texts.values as number[][];
  const numbers = labels.values as number[];
  if (rows.length !== numbers.length || !rows.every(Array.isArray))
    throw invalidData('has texts and labels that do not match', {
      file,
      expected: `${rows.length} labels for ${rows.length} lists`,
      found: String(numbers.length),
    });
  const collector = new TextCollector(longest);
  rows.forEach((row, i) => {
    const outside = row.find((number) => number < 0 || number >= words.length);
    if (outside !== undefined)
      throw invalidData(`has a word number outside of the word index in text ${i}`, {
        file,
        expected: `0 to ${words.length - 1}`,
        found: String(outside),
      });
    collector.addTokens(row, numbers[i]!);
  });
  return collector.finish(file);
}
