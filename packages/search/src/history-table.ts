/**
 * The history as rows of numbers, kept between asks.
 *
 * `sync` looks at what changed since the last ask, so that an ask costs what is new and not what is old.
 * It is a cache and nothing else: a table that saw a history grow holds the same as a new one.
 */
import type { Params } from '@onegin/contracts';
import { partitionPoint } from './math/partition-point.ts';
import { toRow, type EncodedSpace } from './space-encoding.ts';
import type { Trial } from './trial-history.ts';

export class HistoryTable {
  readonly encoded: EncodedSpace;
  trials: readonly Trial[] = [];
  /** One row per trial, same order. */
  readonly rows: Float64Array[] = [];
  readonly #params: Params[] = [];
  #rowsByHash = new Map<number, number[]>();
  #orders: Order[] = [];
  #columns: { values: Float64Array; length: number }[] = [];

  constructor(encoded: EncodedSpace) {
    this.encoded = encoded;
  }

  sync(trials: readonly Trial[]): void {
    this.trials = trials;
    let same = Math.min(this.#params.length, trials.length);
    for (let i = 0; i < same; i++) if (this.#params[i] !== trials[i]!.params) same = i;
    if (same < this.#params.length) this.#forgetFrom(same);
    for (let i = same; i < trials.length; i++) {
      const row = toRow(this.encoded, trials[i]!.params);
      this.#params.push(trials[i]!.params);
      this.rows.push(row);
      this.#index(row, i);
    }
  }

  /** Whether a trial of the history, whatever became of it, has exactly this row. */
  has(row: Float64Array): boolean {
    const bucket = this.#rowsByHash.get(hashRow(row));
    return bucket !== undefined && bucket.some((index) => sameRow(this.rows[index]!, row));
  }

  /**
   * Indices of the trials that have the dimension, by rising value (ties by index). The array is the
   * table's own: read it before the next sync.
   */
  sortedBy(dimension: number): Int32Array {
    const order = (this.#orders[dimension] ??= { places: new Int32Array(64), length: 0, seen: 0 });
    const fresh: number[] = [];
    for (; order.seen < this.rows.length; order.seen++)
      if (!Number.isNaN(this.rows[order.seen]![dimension]!)) fresh.push(order.seen);
    makeRoom(order, fresh.length);
    const value = (index: number): number => this.rows[index]![dimension]!;
    // Sorting from the start beats inserting one by one once there are many.
    if (fresh.length > 32) {
      const all = [...order.places.subarray(0, order.length), ...fresh];
      order.places.set(all.sort((a, b) => value(a) - value(b) || a - b));
      order.length = all.length;
    } else for (const index of fresh) insert(order, index, value);
    return order.places.subarray(0, order.length);
  }

  /** The values of a dimension, one per trial (and more places that don't count). The table's own array. */
  column(dimension: number): Float64Array {
    const column = (this.#columns[dimension] ??= { values: new Float64Array(64), length: 0 });
    if (column.values.length < this.rows.length) {
      const larger = new Float64Array(2 * this.rows.length);
      larger.set(column.values);
      column.values = larger;
    }
    for (; column.length < this.rows.length; column.length++)
      column.values[column.length] = this.rows[column.length]![dimension]!;
    return column.values;
  }

  #forgetFrom(index: number): void {
    this.rows.length = index;
    this.#params.length = index;
    this.#orders = [];
    this.#columns = [];
    this.#rowsByHash = new Map();
    this.rows.forEach((row, i) => this.#index(row, i));
  }

  #index(row: Float64Array, position: number): void {
    const hash = hashRow(row);
    const bucket = this.#rowsByHash.get(hash);
    if (bucket) bucket.push(position);
    else this.#rowsByHash.set(hash, [position]);
  }
}

interface Order {
  /** Trial indices by rising value; only the first `length` count. */
  places: Int32Array;
  length: number;
  /** How many trials were looked at. */
  seen: number;
}

function makeRoom(order: Order, more: number): void {
  if (order.length + more <= order.places.length) return;
  const larger = new Int32Array(2 * (order.length + more));
  larger.set(order.places);
  order.places = larger;
}

function insert(order: Order, index: number, value: (index: number) => number): void {
  const place = partitionPoint(order.length, (other) => value(order.places[other]!) <= value(index));
  order.places.copyWithin(place + 1, place, order.length);
  order.places[place] = index;
  order.length++;
}

const sameRow = (a: Float64Array, b: Float64Array): boolean => a.every((value, i) => Object.is(value, b[i]));

const bits = new Float64Array(1);
const words = new Uint32Array(bits.buffer);

function hashRow(row: Float64Array): number {
  let hash = 17;
  for (const value of row) {
    // All NaNs alike, and −0 as 0.
    bits[0] = Number.isNaN(value) ? Infinity : value + 0;
    hash = Math.imul(hash ^ words[0]!, 0x85ebca6b);
    hash = Math.imul((hash ^ (hash >>> 15)) + words[1]!, 0xc2b2ae35);
    hash ^= hash >>> 13;
  }
  return hash;
}
