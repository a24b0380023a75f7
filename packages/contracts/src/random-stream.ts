/**
 * Seeded randomness that splits: study seed → trial number → purpose.
 *
 * Every random choice of a study comes from a stream like this, so that a replay suggests, trains and
 * measures the same. The generator is sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, period of
 * at least 2^32, fast in plain JavaScript. Seeds are mixed with the finalizer of MurmurHash3.
 */

/** The state of a stream; plain data, so that a checkpoint can hold it. */
export type RandomState = readonly [number, number, number, number];

export class RandomStream {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;
  #spareNormal: number | undefined;

  constructor(seed: number) {
    this.#a = mix(seed ^ 0x9e3779b9);
    this.#b = mix(this.#a ^ Math.floor(seed / 2 ** 32));
    this.#c = mix(this.#b ^ 0x85ebca6b);
    // The first outputs still resemble the seed.
    for (let i = 0; i < 12; i++) this.nextUint32();
  }

  nextUint32(): number {
    const t = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + t;
    this.#c |= 0;
    return t >>> 0;
  }

  /** Uniform in [0, 1) with 53 random bits. */
  uniform(): number {
    return ((this.nextUint32() >>> 5) * 67108864 + (this.nextUint32() >>> 6)) / 9007199254740992;
  }

  /** Uniform integer in [0, bound). */
  integer(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** Standard normal, by the polar method (Marsaglia & Bray 1964). */
  normal(): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return spare;
    }
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(s)) / s);
      this.#spareNormal = v * factor;
      return u * factor;
    }
  }

  /** Shuffles in place (Fisher–Yates) and returns the same array. */
  shuffle<A extends { length: number; [index: number]: unknown }>(items: A): A {
    const values = items as unknown as unknown[];
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [values[i], values[j]] = [values[j], values[i]];
    }
    return items;
  }

  /** A copy of the state; a spare normal is dropped, so take it between draws of one kind. */
  get state(): RandomState {
    return [this.#a, this.#b, this.#c, this.#counter];
  }

  static fromState(state: RandomState): RandomStream {
    const stream = new RandomStream(0);
    [stream.#a, stream.#b, stream.#c, stream.#counter] = state;
    return stream;
  }
}

/**
 * A seed (unsigned 32 bits) that depends on all of its parts: `deriveSeed(studySeed, trialNumber, 'shuffle')`.
 */
export function deriveSeed(seed: number, ...path: (number | string)[]): number {
  let hash = mix(seed) ^ mix(Math.floor(seed / 2 ** 32) + 1);
  for (const part of path) {
    const text = typeof part === 'number' ? `#${part}` : part;
    for (let i = 0; i < text.length; i++) hash = mix(hash ^ text.charCodeAt(i));
    hash = mix(hash + 0x9e3779b9);
  }
  return hash >>> 0;
}

/** Stream of a purpose: `streamOf(studySeed, trialNumber, 'dropout')`. */
export const streamOf = (seed: number, ...path: (number | string)[]): RandomStream =>
  new RandomStream(deriveSeed(seed, ...path));

function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
