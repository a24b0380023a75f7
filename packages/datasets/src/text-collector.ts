import { createHash } from 'node:crypto';
import { invalidData } from './dataset-error.ts';
import type { RawTexts } from './raw-dataset.ts';
import { tokenize } from './tokenize.ts';

/** Words that a part shows fewer times than this don't tell two texts apart… */
const RARE = 5;
/** …unless it has fewer texts than this: in a small collection most words are rare. */
const LARGE_COLLECTION = 1000;

/** Of one part; IMDB's has 12 million. What is gathered takes eight bytes a token. */
const MOST_TOKENS = 100_000_000;
const MOST_TEXTS = 5_000_000;
const MOST_WORDS = 5_000_000;

/**
 * Gathers texts into one ragged part. Several parts may share one word list, so that equal words have equal indices.
 * Texts that are equal but for rare words (a name, an order number) become one group: a split must not put a copy on
 * both sides, and to a network that doesn't know the rare words they are copies.
 */
export class TextCollector {
  readonly #words: Map<string, number>;
  readonly #longest: number;
  readonly #tokens: number[] = [];
  readonly #offsets: number[] = [0];
  readonly #labels: number[] = [];

  constructor(longest: number, words: Map<string, number> = new Map()) {
    this.#longest = longest;
    this.#words = words;
  }

  get count(): number {
    return this.#labels.length;
  }

  /** Adds one text; a text without a single word stays in, as an empty row. */
  add(text: string, label: number): void {
    this.addTokens(
      tokenize(text)
        .slice(0, this.#longest)
        .map((word) => this.#indexOf(word)),
      label,
    );
  }

  /** Adds one text that is already a list of indices into the words. */
  addTokens(tokens: readonly number[], label: number): void {
    const kept = tokens.length > this.#longest ? tokens.slice(0, this.#longest) : tokens;
    refuseMore('texts', this.#labels.length + 1, MOST_TEXTS);
    refuseMore('words in all', this.#tokens.length + kept.length, MOST_TOKENS);
    for (const token of kept) this.#tokens.push(token);
    this.#offsets.push(this.#tokens.length);
    this.#labels.push(label);
  }

  /** @throws OneginError when not one text holds a word */
  finish(name: string): RawTexts {
    if (this.#tokens.length === 0)
      throw invalidData(`not one of ${this.count} texts of ${name} holds a word`);
    const tokens = Int32Array.from(this.#tokens);
    const offsets = Int32Array.from(this.#offsets);
    return { tokens, offsets, labels: Int32Array.from(this.#labels), groups: groupCopies(tokens, offsets) };
  }

  #indexOf(word: string): number {
    const known = this.#words.get(word);
    if (known !== undefined) return known;
    refuseMore('different words', this.#words.size + 1, MOST_WORDS);
    this.#words.set(word, this.#words.size);
    return this.#words.size - 1;
  }
}

function refuseMore(what: string, count: number, most: number): void {
  if (count > most)
    throw invalidData(`has more ${what} than fit into memory`, {
      expected: `at most ${most}`,
      found: 'more',
    });
}

/** Equal numbers for texts whose frequent words, and the places of the others, are the same. */
function groupCopies(tokens: Int32Array, offsets: Int32Array): Int32Array {
  const counts = new Map<number, number>();
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  const texts = offsets.length - 1;
  const fewest = texts < LARGE_COLLECTION ? 1 : RARE;
  const masked = tokens.map((token) => (counts.get(token)! < fewest ? -1 : token));
  const groupOf = new Map<string, number>();
  return Int32Array.from({ length: texts }, (_, i) => {
    const text = masked.subarray(offsets[i], offsets[i + 1]);
    const bytes = new Uint8Array(text.buffer, text.byteOffset, text.byteLength);
    const key = createHash('md5').update(bytes).digest('base64');
    const group = groupOf.get(key) ?? groupOf.size;
    groupOf.set(key, group);
    return group;
  });
}
