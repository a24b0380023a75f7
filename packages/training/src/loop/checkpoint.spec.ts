import { describe, expect, it } from '@jest/globals';
import { readCheckpoint, writeCheckpoint, type Checkpoint } from './checkpoint.ts';
import { emptyHistory, emptySums } from './progress-state.ts';

const checkpoint: Checkpoint = {
  identity: { engine: 'native', model: '{"kind":"cnn"}', seed: 2 ** 40 },
  epoch: 3,
  batch: 7,
  step: 307,
  sums: {
    ...emptySums(),
    loss: 0.1 + 0.2,
    layers: { conv_1: { gradientNorm: 1 / 3, updateRatio: 1e-9, steps: 2 } },
  },
  history: { ...emptyHistory(), stepLosses: [0.1, 2.3025850929940455] },
  optimizerStep: 307,
  weights: [
    { layer: 'dense_1', name: 'kernel', shape: [2, 3], values: Float32Array.from([1, -2, 3e-38, 4, -0, 6]) },
    { layer: 'dense_1', name: 'bias', shape: [3], values: new Float32Array(3) },
  ],
  slots: [Float32Array.of(1.5), new Float32Array(0)],
};

describe('checkpoint', () => {
  it('comes back bit for bit, from any place in memory', () => {
    const bytes = writeCheckpoint(checkpoint);
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(readCheckpoint(bytes)).toEqual(checkpoint);
    expect(readCheckpoint(shifted.subarray(1))).toEqual(checkpoint);
  });

  it.each([
    ['is cut off', (bytes: Uint8Array) => bytes.slice(0, -4), /checksum/],
    [
      'has a flipped bit',
      (bytes: Uint8Array) => bytes.map((byte, i) => (i === 60 ? byte ^ 1 : byte)),
      /checksum/,
    ],
    [
      'is of another version',
      (bytes: Uint8Array) => bytes.map((byte, i) => (i === 4 ? 9 : byte)),
      /version 1, found 9/,
    ],
    ['is something else', () => new TextEncoder().encode('not a checkpoint at all'), /not a checkpoint/],
    ['is empty', () => new Uint8Array(0), /not a checkpoint/],
  ])('is refused when it %s', (_what, damage, message) => {
    expect(() => readCheckpoint(damage(Uint8Array.from(writeCheckpoint(checkpoint))))).toThrow(
      expect.objectContaining({ code: 'checkpoint-unfit', message: expect.stringMatching(message) }),
    );
  });
});
