/** A device group whose devices are processes that meet in a shared folder. */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { OneginError } from '@onegin/contracts';
import type { DeviceGroup } from './device-group.ts';
import { downPath, numbersPath, upPath, type GroupPlace } from './shared-folder.ts';

type Numbers = Float32Array | Float64Array;

/** Pipes to one other process. */
interface Peer {
  rank: number;
  read: number;
  write: number;
}

export class ProcessGroup implements DeviceGroup {
  readonly rank: number;
  readonly size: number;
  /** Of every process, for both turns. */
  readonly #numbers: [number, number][];
  /** All others on process 0, and process 0 on all others. */
  readonly #peers: Peer[];
  readonly #scratch = new Map<string, Numbers>();
  #turn: 0 | 1 = 0;

  /** Waits until the others have come too. */
  constructor({ folder, rank, size }: GroupPlace) {
    this.rank = rank;
    this.size = size;
    const file = (of: number, turn: number) =>
      openSync(numbersPath(folder, of, turn), of === rank ? 'r+' : 'r');
    this.#numbers = Array.from({ length: size }, (_, of) => [file(of, 0), file(of, 1)]);
    // Opening a pipe waits for its other end, so both sides open "up" first.
    this.#peers =
      rank === 0
        ? Array.from({ length: size - 1 }, (_, i) => ({
            rank: i + 1,
            read: openSync(upPath(folder, i + 1), 'r'),
            write: openSync(downPath(folder, i + 1), 'w'),
          }))
        : [leaderOf(folder, rank)];
  }

  sum(...arrays: readonly Numbers[]): void {
    const files = this.#numbers.map((turns) => turns[this.#turn]);
    let at = 0;
    for (const array of arrays) at += writeAll(files[this.rank]!, bytesOf(array), at);
    this.#meet();
    at = 0;
    for (const array of arrays) {
      this.#addUp(array, files, at);
      at += array.byteLength;
    }
    this.#turn = this.#turn === 0 ? 1 : 0;
  }

  /** Adds the numbers of all processes from rank 0 on: floating-point sums depend on the order. */
  #addUp(array: Numbers, files: readonly number[], at: number): void {
    const sum = this.#kept('sum', array);
    const other = this.#kept('other', array);
    files.forEach((file, rank) => {
      const values = rank === this.rank ? array : rank === 0 ? sum : other;
      if (rank !== this.rank) readAll(file, bytesOf(values), at);
      if (rank > 0) for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
      else if (values !== sum) sum.set(values);
    });
    array.set(sum);
  }

  /** An array like this one, kept from step to step: gradients are megabytes. */
  #kept(what: 'sum' | 'other', array: Numbers): Numbers {
    const key = `${what} ${array.constructor.name} ${array.length}`;
    let kept = this.#scratch.get(key);
    if (!kept) this.#scratch.set(key, (kept = array.slice()));
    return kept;
  }

  async agree<Answer>(decide: () => Answer | Promise<Answer>): Promise<Answer> {
    if (this.rank > 0) return this.#hear<Answer>();
    const answer = await decide();
    const text = Buffer.from(JSON.stringify({ answer }));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    for (const peer of this.#peers) this.#send(peer, Buffer.concat([length, text]));
    return answer;
  }

  /** Leaves the group: processes that wait for this one learn that it is gone. */
  close(): void {
    for (const fd of [...this.#numbers.flat(), ...this.#peers.flatMap(({ read, write }) => [read, write])])
      closeSync(fd);
  }

  #hear<Answer>(): Answer {
    const [leader] = this.#peers as [Peer];
    const length = this.#receive(leader, 4).readUInt32LE();
    const { answer } = JSON.parse(this.#receive(leader, length).toString()) as { answer: Answer };
    return answer;
  }

  /** Returns when every process of the group has come here. */
  #meet(): void {
    const token = Buffer.of(1);
    if (this.rank > 0) {
      const [leader] = this.#peers as [Peer];
      this.#send(leader, token);
      this.#receive(leader, 1);
      return;
    }
    for (const peer of this.#peers) this.#receive(peer, 1);
    for (const peer of this.#peers) this.#send(peer, token);
  }

  #send(peer: Peer, bytes: Buffer): void {
    try {
      writeAll(peer.write, bytes, null);
    } catch (error) {
      throw this.#left(peer, error);
    }
  }

  #receive(peer: Peer, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    let got = 0;
    while (got < length) {
      const more = readSync(peer.read, bytes, got, length - got, null);
      if (more === 0) throw this.#left(peer);
      got += more;
    }
    return bytes;
  }

  #left({ rank }: Peer, cause?: unknown): OneginError {
    return new OneginError(
      'training-process-died',
      `The process of device ${rank + 1} of ${this.size} left the training.`,
      { cause },
    );
  }
}

const leaderOf = (folder: string, rank: number): Peer => {
  const write = openSync(upPath(folder, rank), 'w');
  return { rank: 0, write, read: openSync(downPath(folder, rank), 'r') };
};

const bytesOf = (array: Numbers): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** Writes all of the bytes and returns how many they are. */
function writeAll(fd: number, bytes: Uint8Array, at: number | null): number {
  let done = 0;
  while (done < bytes.length)
    done += writeSync(fd, bytes, done, bytes.length - done, at === null ? null : at + done);
  return done;
}

function readAll(fd: number, bytes: Uint8Array, at: number): void {
  let done = 0;
  while (done < bytes.length) {
    const more = readSync(fd, bytes, done, bytes.length - done, at + done);
    if (more === 0) throw new OneginError('training-failed', 'The shared memory of the devices was cut off.');
    done += more;
  }
}
