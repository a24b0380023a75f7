import { describe, expect, test } from '@jest/globals';
import { joinImages, parseCifarBinary } from './cifar-binary.ts';

const record = (labels: number[], red: number, green: number, blue: number): Buffer =>
  Buffer.concat([
    Buffer.from(labels),
    Buffer.alloc(1024, red),
    Buffer.alloc(1024, green),
    Buffer.alloc(1024, blue),
  ]);

describe('CIFAR binary', () => {
  test('turns planes into pixels', () => {
    const bytes = record([3], 10, 20, 30);
    bytes[1] = 99; // red of the first pixel
    bytes[1024 + 2] = 88; // green of the second pixel
    const { inputs, labels } = parseCifarBinary(bytes, 1, 'f');
    expect([...labels]).toEqual([3]);
    expect([...inputs.subarray(0, 9)]).toEqual([99, 20, 30, 10, 88, 30, 10, 20, 30]);
  });

  test('CIFAR-100: the second byte is the fine label', () => {
    expect([...parseCifarBinary(record([19, 84], 0, 0, 0), 2, 'f').labels]).toEqual([84]);
  });

  test('a record that is cut off', () => {
    expect(() => parseCifarBinary(record([1], 0, 0, 0).subarray(0, -1), 1, 'test_batch.bin')).toThrow(
      'test_batch.bin: does not hold whole records: expected a multiple of 3073 bytes, found 3072',
    );
    expect(() => parseCifarBinary(Buffer.alloc(0), 1, 'f')).toThrow('does not hold whole records');
  });

  test('joins batches in order', () => {
    const joined = joinImages([1, 2].map((label) => parseCifarBinary(record([label], label, 0, 0), 1, 'f')));
    expect([...joined.labels]).toEqual([1, 2]);
    expect([joined.inputs[0], joined.inputs[3072]]).toEqual([1, 2]);
  });
});
