/**
 * A whole study as the answer to one request. Trials with an outcome never change, so they are packed and compressed
 * in blocks, once for all requests; an answer consists of these blocks and the rest.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';
import { hasOutcome, packTrials, type StudyState } from '@onegin/contracts';
import { viewersTrial } from '../live/viewers-state.ts';

/** A browser reads a block in one task. */
const BLOCK = 500;

/** A part of the answer, plain and compressed. */
interface Piece {
  readonly text: Buffer;
  readonly packed: Buffer;
}

const known = new WeakMap<StudyState, StateAnswer>();

/** One per state, which is folded in place. */
export function stateAnswer(state: StudyState): StateAnswer {
  const answer = known.get(state) ?? new StateAnswer(state);
  known.set(state, answer);
  return answer;
}

export class StateAnswer {
  readonly #state: StudyState;
  readonly #blocks: Piece[] = [];
  readonly #packed = new Set<number>();
  #packing: Promise<void> = Promise.resolve();

  constructor(state: StudyState) {
    this.#state = state;
  }

  /** A PackedState. */
  async json(): Promise<Buffer> {
    return Buffer.concat((await this.#pieces()).map(({ text }) => text));
  }

  /** The same, compressed. */
  async gzip(): Promise<Buffer> {
    return gzipOf(await this.#pieces());
  }

  async #pieces(): Promise<Piece[]> {
    // A failure of an earlier request is no reason not to try again.
    await (this.#packing = this.#packing.catch(() => undefined).then(() => this.#pack()));
    const blocks = [...this.#blocks];
    const trials = this.#state.trials.filter(({ number }) => !this.#packed.has(number)).map(viewersTrial);
    // Serialized before anything is awaited, as the state changes.
    const rest = JSON.stringify({ ...this.#state, trials });
    return [await pieceOf('{"blocks":['), ...blocks, await pieceOf(`],"state":${rest}}`)];
  }

  async #pack(): Promise<void> {
    const ended = this.#state.trials.filter(
      ({ number, status }) => hasOutcome(status) && !this.#packed.has(number),
    );
    const blocks: Promise<Piece>[] = [];
    const numbers: number[] = [];
    for (let i = 0; i + BLOCK <= ended.length; i += BLOCK) {
      const trials = ended.slice(i, i + BLOCK).map(viewersTrial);
      const comma = this.#blocks.length + blocks.length > 0 ? ',' : '';
      const block = pieceOf(comma + JSON.stringify(packTrials(trials)));
      // Reported below, where all are awaited.
      block.catch(() => undefined);
      blocks.push(block);
      for (const { number } of trials) numbers.push(number);
      // Lets other requests in between blocks; compression runs in a thread.
      await nextTurn();
    }
    this.#blocks.push(...(await Promise.all(blocks)));
    for (const number of numbers) this.#packed.add(number);
  }
}

const deflate = promisify(deflateRaw);

/** Ends at a whole byte and refers to nothing before it, so that pieces can be concatenated in a gzip file. */
async function pieceOf(json: string): Promise<Piece> {
  const text = Buffer.from(json);
  return { text, packed: await deflate(text, { finishFlush: constants.Z_FULL_FLUSH }) };
}

/** RFC 1952: without a name or a time. */
const GZIP_HEAD = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** The last block of a deflate stream (RFC 1951), empty. */
const LAST = Buffer.from([3, 0]);

function gzipOf(pieces: readonly Piece[]): Buffer {
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(pieces.reduce((sum, { text }) => crc32(text, sum), 0));
  tail.writeUInt32LE(pieces.reduce((sum, { text }) => sum + text.length, 0) % 2 ** 32, 4);
  return Buffer.concat([GZIP_HEAD, ...pieces.map(({ packed }) => packed), LAST, tail]);
}
