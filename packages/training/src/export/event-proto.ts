/**
 * The protocol buffers of TensorBoard's events, as far as scalars and histograms need them.
 *
 *   Event           1 wall_time double   2 step int64   3 file_version string   5 summary Summary
 *   Summary         1 value Value, repeated
 *   Value           1 tag string   2 simple_value float   5 histo HistogramProto
 *   HistogramProto  1 min  2 max  3 num  4 sum  5 sum_squares   doubles
 *                   6 bucket_limit (right edges)  7 bucket (counts)   packed doubles
 */
import type { Histogram } from '@onegin/contracts';

const WIRE = { varint: 0, eightBytes: 1, bytes: 2, fourBytes: 5 } as const;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...bytes, rest]);
}

const key = (field: number, wire: number): Buffer => varint(field * 8 + wire);

function doubles(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, i) => bytes.writeDoubleLE(value, 8 * i));
  return bytes;
}

const doubleField = (field: number, value: number): Buffer =>
  Buffer.concat([key(field, WIRE.eightBytes), doubles([value])]);

const bytesField = (field: number, bytes: Uint8Array): Buffer =>
  Buffer.concat([key(field, WIRE.bytes), varint(bytes.length), bytes]);

const textField = (field: number, text: string): Buffer => bytesField(field, Buffer.from(text));

function floatField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([key(field, WIRE.fourBytes), bytes]);
}

/** The values themselves are gone; their sums are taken at the middle of each cell. */
function histogramProto({ low, high, counts }: Histogram): Buffer {
  const cell = (high - low) / counts.length;
  const middles = counts.map((_, i) => low + (i + 0.5) * cell);
  const total = (of: (middle: number) => number): number =>
    counts.reduce((sum, count, i) => sum + count * of(middles[i]!), 0);
  const moments = [total(() => 1), total((middle) => middle), total((middle) => middle * middle)];
  return Buffer.concat([
    ...[low, high, ...moments].map((value, i) => doubleField(i + 1, value)),
    bytesField(6, doubles(counts.map((_, i) => low + (i + 1) * cell))),
    bytesField(7, doubles(counts)),
  ]);
}

export interface SummaryValue {
  tag: string;
  value: number | Histogram;
}

const valueProto = ({ tag, value }: SummaryValue): Buffer =>
  Buffer.concat([
    textField(1, tag),
    typeof value === 'number' ? floatField(2, value) : bytesField(5, histogramProto(value)),
  ]);

/** @param wallTime seconds since 1970 */
export const versionEvent = (wallTime: number): Buffer =>
  Buffer.concat([doubleField(1, wallTime), textField(3, 'brain.Event:2')]);

export function summaryEvent(wallTime: number, step: number, values: readonly SummaryValue[]): Buffer {
  const summary = Buffer.concat(values.map((value) => bytesField(1, valueProto(value))));
  const stepField = Buffer.concat([key(2, WIRE.varint), varint(step)]);
  return Buffer.concat([doubleField(1, wallTime), stepField, bytesField(5, summary)]);
}
