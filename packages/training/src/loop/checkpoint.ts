/**
 * A checkpoint: everything that the rest of a trial depends on, as one block of bytes.
 *
 * Layout, little-endian: 'ONGC', u32 version, u32 length of the header, u32 CRC-32 of the rest, header (JSON), zeros
 * up to a multiple of 4, then the float32 values of all tensors in the order of the header. Shuffles and dropout
 * masks are functions of seed and step, so the step is all the random state there is.
 */
import { crc32 } from 'node:zlib';
import { OneginError } from '@onegin/contracts';
import type { EpochSums, History } from './progress-state.ts';
import type { NamedWeights } from './trial.ts';

export interface CheckpointState {
  /** Engine, model and seed: what must be the same to go on. */
  identity: { engine: string; model: string; seed: number };
  /** Epochs done; batches done of the next one; steps done. */
  epoch: number;
  batch: number;
  step: number;
  sums: EpochSums;
  history: History;
  optimizerStep: number;
}

export interface Checkpoint extends CheckpointState {
  weights: NamedWeights;
  slots: Float32Array[];
}

const MAGIC = 0x43474e4f; // 'ONGC'
const VERSION = 1;
const PREFIX = 16;

interface Header extends CheckpointState {
  weights: { layer: string; name: string; shape: number[] }[];
  /** Lengths of the optimizer's slots. */
  slots: number[];
}

export function writeCheckpoint({ weights, slots, ...state }: Checkpoint): Uint8Array {
  const header: Header = {
    ...state,
    weights: weights.map(({ layer, name, shape }) => ({ layer, name, shape })),
    slots: slots.map((slot) => slot.length),
  };
  const json = Buffer.from(JSON.stringify(header));
  const tensors = [...weights.map(({ values }) => values), ...slots];
  const start = align(PREFIX + json.length);
  const bytes = Buffer.alloc(start + 4 * tensors.reduce((sum, { length }) => sum + length, 0));
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt32LE(VERSION, 4);
  bytes.writeUInt32LE(json.length, 8);
  json.copy(bytes, PREFIX);
  let at = start;
  for (const tensor of tensors) {
    bytes.set(new Uint8Array(tensor.buffer, tensor.byteOffset, tensor.byteLength), at);
    at += tensor.byteLength;
  }
  bytes.writeUInt32LE(crc32(bytes.subarray(PREFIX)), 12);
  return bytes;
}

/** @throws OneginError `checkpoint-unfit` when it is damaged or of another version */
export function readCheckpoint(input: Uint8Array): Checkpoint {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  if (bytes.length < PREFIX || bytes.readUInt32LE(0) !== MAGIC) throw unusable('it is not a checkpoint');
  const version = bytes.readUInt32LE(4);
  if (version !== VERSION) throw unusable(`expected version ${VERSION}, found ${version}`);
  if (crc32(bytes.subarray(PREFIX)) !== bytes.readUInt32LE(12)) throw unusable('its checksum does not match');
  const length = bytes.readUInt32LE(8);
  const { weights, slots, ...state } = JSON.parse(bytes.toString('utf8', PREFIX, PREFIX + length)) as Header;
  let at = align(PREFIX + length);
  const take = (count: number): Float32Array => {
    const values = new Float32Array(count);
    new Uint8Array(values.buffer).set(bytes.subarray(at, at + 4 * count));
    at += 4 * count;
    return values;
  };
  return {
    ...state,
    weights: weights.map((weight) => ({ ...weight, values: take(weight.shape.reduce((a, b) => a * b, 1)) })),
    slots: slots.map(take),
  };
}

const align = (length: number): number => Math.ceil(length / 4) * 4;

const unusable = (why: string): OneginError =>
  new OneginError('checkpoint-unfit', `The checkpoint cannot be used: ${why}.`);
