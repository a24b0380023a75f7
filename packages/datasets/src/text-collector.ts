import { createHash } from 'node:crypto';
import { DatasetError } from './dataset-error.ts';
import type { RawTexts } from './raw-dataset.ts';
import { tokenize } from './tokenize.ts';

/**
 * Gathers texts into one ragged part. Several parts may share one word list, so that equal words have equal indices.
 * Equal texts (after tokenizing and cutting) become one group: a split must not put a copy on both sides.
 */
export class TextCollector {
  readonly #words: Map<string, number>;
  readonly #longest: number;
  readonly #tokens: number[] = [];
  readonly #offsets: number[] = [0];
  readonly #labels: number[] = [];
  readonly #groups: number[] = [];
  readonly #groupOf = new Map<string, number>();

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
    for (const token of kept) this.#tokens.push(token);
    this.#offsets.push(this.#tokens.length);
    this.#labels.push(label);
    const key = createHash('md5').update(Int32Array.from(kept)).digest('base64');
    const group = this.#groupOf.get(key) ?? this.#groupOf.size;
    this.#groupOf.set(key, group);
    this.#groups.push(group);
  }

  /** @throws DatasetError when not one text holds a word */
  finish(name: string): RawTexts {
    if (this.#tokens.length === 0) {
      throw new DatasetError('no-words', `not one of ${this.count} texts of ${name} holds a word`);
    }
    return {
      tokens: Int32Array.from(this.#tokens),
      offsets: Int32Array.from(this.#offsets),
      labels: Int32Array.from(this.#labels),
      groups: Int32Array.from(this.#groups),
    };
  }

  #indexOf(word: string): number {
    const known = this.#words.get(word);
    if (known !== undefined) return known;
    this.#words.set(word, this.#words.size);
    return this.#words.size - 1;
  }
}
