import { describe, expect, it } from '@jest/globals';
import { deriveSeed, RandomStream, streamOf } from './random-stream.ts';

const draws = (stream: RandomStream, n: number) => Array.from({ length: n }, () => stream.uniform());

describe('RandomStream', () => {
  it('repeats with its seed and differs between neighbours', () => {
    expect(draws(new RandomStream(7), 5)).toEqual(draws(new RandomStream(7), 5));
    expect(draws(new RandomStream(7), 5)).not.toEqual(draws(new RandomStream(8), 5));
    expect(draws(new RandomStream(2 ** 40), 5)).not.toEqual(draws(new RandomStream(0), 5));
  });

  it('draws for ever what it drew first: a study that is replayed depends on it', () => {
    const stream = new RandomStream(1);
    expect([1, 2, 3].map(() => stream.nextUint32())).toEqual([1467555670, 3861860909, 2989068093]);
    expect(new RandomStream(2 ** 40 + 3).nextUint32()).toBe(4111841861);
    expect([deriveSeed(1, 2, 'training'), deriveSeed(2 ** 33, 'a')]).toEqual([1009407282, 610821249]);
    expect([...new RandomStream(1).shuffle([0, 1, 2, 3, 4, 5])]).toEqual([4, 1, 0, 5, 3, 2]);
    expect(new RandomStream(1).normal()).toBeCloseTo(-1.0406755560338163, 14);
  });

  it('is uniform and its normals have mean 0 and variance 1', () => {
    const stream = new RandomStream(1);
    const n = 100_000;
    const cells = new Array<number>(20).fill(0);
    for (const u of draws(stream, n)) cells[Math.floor(u * 20)]!++;
    const chiSquare = cells.reduce((sum, count) => sum + (count - n / 20) ** 2 / (n / 20), 0);
    expect(chiSquare).toBeLessThan(43.8); // 99.9% quantile for 19 degrees of freedom
    const normals = Array.from({ length: n }, () => stream.normal());
    const mean = normals.reduce((a, b) => a + b) / n;
    const variance = normals.reduce((a, b) => a + (b - mean) ** 2, 0) / n;
    expect(Math.abs(mean)).toBeLessThan(0.015);
    expect(Math.abs(variance - 1)).toBeLessThan(0.02);
  });

  it('goes on from a saved state', () => {
    const stream = new RandomStream(3);
    draws(stream, 10);
    const copy = RandomStream.fromState(stream.state);
    expect(draws(copy, 5)).toEqual(draws(stream, 5));
  });

  it('shuffles into a permutation', () => {
    const items = new RandomStream(5).shuffle(Int32Array.from({ length: 100 }, (_, i) => i));
    expect([...items]).not.toEqual([...items].sort((a, b) => a - b));
    expect(new Set(items).size).toBe(100);
  });
});

describe('deriveSeed', () => {
  it('depends on every part and on their order', () => {
    const seeds = [
      deriveSeed(1),
      deriveSeed(1, 2),
      deriveSeed(1, 2, 'a'),
      deriveSeed(1, 'a', 2),
      deriveSeed(1, '2'),
      deriveSeed(2, 2),
    ];
    expect(new Set(seeds).size).toBe(seeds.length);
    expect(streamOf(1, 2, 'a').uniform()).toBe(new RandomStream(deriveSeed(1, 2, 'a')).uniform());
  });
});
