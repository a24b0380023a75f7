/** Fills what enqueued parameters leave open. */
import { streamOf, type Params } from '@onegin/contracts';
import { fromRow, fromUnit, isActiveIn, toRow, valueToNumber, type EncodedSpace } from './space-encoding.ts';

/**
 * The given parameters, completed by a suggestion; parameters that only the given ones make active are
 * random. A given parameter that its condition makes inactive is dropped.
 */
export function completeParams(
  encoded: EncodedSpace,
  given: Params,
  suggested: Params,
  seed: number,
  number: number,
): Params {
  const random = streamOf(seed, number, 'enqueue');
  const suggestion = toRow(encoded, suggested);
  const row = new Float64Array(encoded.dimensions.length).fill(NaN);
  encoded.dimensions.forEach((dimension, index) => {
    const drawn = random.uniform();
    if (!isActiveIn(dimension, row)) return;
    const value = given[dimension.name];
    if (value !== undefined) row[index] = valueToNumber(dimension, value);
    else row[index] = Number.isNaN(suggestion[index]!) ? fromUnit(dimension, drawn) : suggestion[index]!;
  });
  return fromRow(encoded, row);
}
