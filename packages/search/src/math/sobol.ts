/**
 * The Sobol sequence in base 2, plain or scrambled.
 *
 *   x_i,d = ⊕_{k : bit k of gray(i)} v_k,d · 2⁻³²        gray(i) = i ⊕ (i ≫ 1)
 *   v_k = m_k · 2^(31−k), m_k by the recurrence of the dimension's primitive polynomial
 *
 * (Bratley & Fox, ACM TOMS 14, 1988; direction numbers of Joe & Kuo 2008.) Scrambling is Owen's nested
 * uniform scrambling by a hash per dimension (Burley, "Practical Hash-based Owen Scrambling", JCGT 9, 2020):
 * every point is uniform, and the points together keep their even spread.
 */
import { deriveSeed } from '@onegin/contracts';
import { SOBOL_DIRECTIONS } from './sobol-directions.ts';

const BITS = 32;
const TABLE = SOBOL_DIRECTIONS.trim().replaceAll('\n', '').split(';');
/** Dimensions with direction numbers of their own. */
export const SOBOL_DIMENSIONS = TABLE.length + 1;

const directionsOf: (Uint32Array | undefined)[] = [];

function directions(dimension: number): Uint32Array {
  return (directionsOf[dimension] ??= computeDirections(dimension));
}

function computeDirections(dimension: number): Uint32Array {
  const v = new Uint32Array(BITS);
  if (dimension === 0) return v.map((_, k) => (1 << (BITS - 1 - k)) >>> 0);
  const [polynomial = 0, ...initial] = TABLE[dimension - 1]!.split(' ').map(Number);
  const degree = initial.length;
  for (let k = 0; k < BITS; k++) {
    if (k < degree) {
      v[k] = initial[k]! << (BITS - 1 - k);
      continue;
    }
    let value = v[k - degree]! ^ (v[k - degree]! >>> degree);
    for (let i = 1; i < degree; i++) if ((polynomial >>> (degree - i)) & 1) value ^= v[k - i]!;
    v[k] = value;
  }
  return v;
}

/** Point `index` of a sequence; dimensions past the table reuse it in another order, if scrambled. */
export class SobolSequence {
  readonly #dimensions: number;
  readonly #seeds: Uint32Array | undefined;

  /** @param seed scrambles; without one the plain sequence, whose point 0 is the origin */
  constructor(dimensions: number, seed?: number) {
    this.#dimensions = dimensions;
    if (seed !== undefined)
      this.#seeds = Uint32Array.from({ length: dimensions }, (_, d) => deriveSeed(seed, 'sobol', d));
  }

  /** Coordinates in [0, 1). */
  point(index: number, out = new Float64Array(this.#dimensions)): Float64Array {
    for (let d = 0; d < this.#dimensions; d++) {
      const lap = Math.floor(d / SOBOL_DIMENSIONS);
      // Another order of the points keeps dimensions that share direction numbers apart.
      const place = lap > 0 && this.#seeds ? scramble(index, deriveSeed(lap, 'order')) : index;
      let gray = (place ^ (place >>> 1)) >>> 0;
      const v = directions(d % SOBOL_DIMENSIONS);
      let bits = 0;
      for (let k = 0; gray !== 0; k++, gray >>>= 1) if (gray & 1) bits ^= v[k]!;
      if (this.#seeds) bits = reverse(scramble(reverse(bits), this.#seeds[d]!));
      out[d] = (bits >>> 0) * 2 ** -BITS;
    }
    return out;
  }
}

/** Each bit is flipped by a hash of the bits below it (Laine–Karras); reversed, of the bits above. */
function scramble(bits: number, seed: number): number {
  let x = (bits + seed) | 0;
  x ^= Math.imul(x, 0x6c50b47c);
  x ^= Math.imul(x, 0xb82f1e52);
  x ^= Math.imul(x, 0xc7afe638);
  x ^= Math.imul(x, 0x8d22f6e6);
  return x;
}

function reverse(bits: number): number {
  let x = bits;
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  return (x >>> 16) | (x << 16);
}
