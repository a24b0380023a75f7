import { expect, it } from '@jest/globals';
import { durationMs } from './duration.ts';

it('a duration has an amount and a unit', () => {
  const texts = ['250ms', '2s', ' 3m ', '0.5h', '1d'];
  expect(texts.map(durationMs)).toEqual([250, 2000, 180_000, 1_800_000, 86_400_000]);
  expect(['', '5', 's', '-1s', '1 s', '1s2', '1w'].map(durationMs)).toEqual(Array(7).fill(undefined));
});
