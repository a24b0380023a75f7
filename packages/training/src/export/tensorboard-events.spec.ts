import { trialMetricsExamples } from '@onegin/contracts';
import { describe, expect, test } from '@jest/globals';
import { eventFileName, writeTensorboardEvents } from './tensorboard-events.ts';
import { crc32c, tfRecord } from './tfrecord.ts';

/** Splits a protocol buffer into its fields; packed and nested ones stay bytes. */
function fields(bytes: Buffer): { field: number; value: number | Buffer }[] {
  const found: { field: number; value: number | Buffer }[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const [field, wire] = [key >> 3, key & 7];
    if (wire === 0) found.push({ field, value: varint() });
    else if (wire === 1) found.push({ field, value: bytes.readDoubleLE((at += 8) - 8) });
    else if (wire === 5) found.push({ field, value: bytes.readFloatLE((at += 4) - 4) });
    else {
      const length = varint();
      found.push({ field, value: bytes.subarray(at, (at += length)) });
    }
  }
  return found;
}

function records(bytes: Uint8Array): Buffer[] {
  const buffer = Buffer.from(bytes);
  const found: Buffer[] = [];
  for (let at = 0; at < buffer.length;) {
    const data = buffer.subarray(at + 12, at + 12 + Number(buffer.readBigUInt64LE(at)));
    expect(tfRecord(data).equals(buffer.subarray(at, at + 16 + data.length))).toBe(true);
    found.push(data);
    at += 16 + data.length;
  }
  return found;
}

describe('TFRecord', () => {
  test('CRC-32C of the published examples (RFC 3720, appendix B.4)', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
    expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
  });

  // Written by TensorFlow 2.21: tf.io.TFRecordWriter(…).write(b'onegin')
  test('frames as TensorFlow does', () => {
    expect(tfRecord(Buffer.from('onegin')).toString('hex')).toBe(
      '06000000000000007369d5376f6e6567696e73fc249e',
    );
  });
});

describe('event files', () => {
  const metrics = trialMetricsExamples[0]!;
  const startedAt = new Date(1_700_000_000_000);
  const [version, ...epochs] = records(writeTensorboardEvents(metrics, startedAt)).map(fields);

  test('start with the version and hold one record per epoch', () => {
    expect(version).toEqual([
      { field: 1, value: 1_700_000_000 },
      { field: 3, value: Buffer.from('brain.Event:2') },
    ]);
    expect(epochs).toHaveLength(metrics.epochs.length);
    expect(epochs[0]!.slice(0, 2)).toEqual([
      { field: 1, value: 1_700_000_000 + metrics.epochs[0]!.seconds },
      { field: 2, value: 1 },
    ]);
  });

  const values = new Map(
    fields(epochs[0]![2]!.value as Buffer).map(({ value }) => {
      const [tag, content] = fields(value as Buffer);
      return [String(tag!.value), content!];
    }),
  );

  test('hold scalars of the training and of the layers, leaving out what is not known', () => {
    expect(values.get('loss/train')).toEqual({ field: 2, value: Math.fround(0.41) });
    expect(values.get('gradient_norm/conv_1')).toEqual({ field: 2, value: Math.fround(0.31) });
    expect(values.has('saturated_units/conv_1')).toBe(false);
  });

  test('hold histograms with their edges and counts', () => {
    const histogram = fields(values.get('weights/conv_1')!.value as Buffer);
    expect(histogram.slice(0, 3).map(({ value }) => value)).toEqual([-1, 1, 16]);
    const counts = histogram[6]!.value as Buffer;
    expect([0, 8, 16].map((at) => counts.readDoubleLE(at))).toEqual([4, 9, 3]);
    expect((histogram[5]!.value as Buffer).readDoubleLE(16)).toBeCloseTo(1, 12);
  });

  test('have a name that TensorBoard looks for', () => {
    expect(eventFileName(startedAt, 'host.example:1')).toBe('events.out.tfevents.1700000000.host-example-1');
  });
});
