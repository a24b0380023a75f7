/**
 * Reads one thing only: the pickle of a one-dimensional NumPy array of lists of whole numbers, as Keras publishes
 * IMDB and Reuters. A pickle is a program for a small stack machine and can call anything in Python; this reader has
 * no calls at all. Four names may appear, each with one fixed meaning, and everything else is refused.
 *
 * The instructions are those of Python's `pickletools`, protocols 2 to 5.
 */
import { invalidData } from '../dataset-error.ts';

/** What stands on the machine's stack. */
type Value = number | string | null | boolean | Value[] | Name | ObjectArray | symbol;

class Name {
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }
}
/** The array under construction: made empty, then given its contents. */
class ObjectArray {
  contents: Value[] | undefined;
}
/** A type of NumPy or encoded text: needed by the program, of no meaning here. */
const OPAQUE = Symbol('opaque');

const NAMES = new Map<string, () => Value>([
  ['numpy.core.multiarray _reconstruct', () => new ObjectArray()],
  ['numpy._core.multiarray _reconstruct', () => new ObjectArray()],
  ['numpy dtype', () => OPAQUE],
  ['_codecs encode', () => OPAQUE],
]);
/** May be named as an argument, may not be called. */
const ARGUMENT_NAMES = new Set(['numpy ndarray']);

const MARK = Symbol('mark');

class PickleMachine {
  readonly #bytes: Buffer;
  readonly #file: string;
  readonly #stack: Value[] = [];
  readonly #memo: Value[] = [];
  #at = 0;

  constructor(bytes: Buffer, file: string) {
    this.#bytes = bytes;
    this.#file = file;
  }

  run(): Value {
    for (;;) {
      if (this.#at >= this.#bytes.length)
        throw invalidData('ends in the middle of its pickled data', {
          file: this.#file,
          expected: 'a stop instruction',
          found: `the end after ${this.#bytes.length} bytes`,
        });
      const instruction = this.#bytes[this.#at++]!;
      if (instruction === 0x2e) return this.#pop();
      try {
        this.#step(instruction);
      } catch (cause) {
        if (cause instanceof RangeError) this.#refuse('an instruction that is cut off', instruction);
        throw cause;
      }
    }
  }

  #step(instruction: number): void {
    switch (instruction) {
      case 0x80: // PROTO
        return void this.#take(1);
      case 0x95: // FRAME
        return void this.#take(8);
      case 0x28: // MARK
        return this.#push(MARK);
      case 0x4e: // NONE
        return this.#push(null);
      case 0x88: // NEWTRUE
      case 0x89: // NEWFALSE
        return this.#push(instruction === 0x88);
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        return this.#push([]);
      case 0x61: // APPEND
        return this.#append([this.#pop()]);
      case 0x65: // APPENDS
        return this.#append(this.#popToMark());
      case 0x74: // TUPLE
        return this.#push(this.#popToMark());
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        return this.#push(Array.from({ length: instruction - 0x84 }, () => this.#pop()).reverse());
      case 0x52: // REDUCE
        return this.#reduce();
      case 0x62: // BUILD
        return this.#build();
      default:
        return this.#stepWithData(instruction);
    }
  }

  /** Instructions that carry a number, a text or a memo index. */
  #stepWithData(instruction: number): void {
    const bytes = this.#bytes;
    switch (instruction) {
      case 0x4b: // BININT1
        return this.#push(bytes.readUInt8(this.#take(1)));
      case 0x4d: // BININT2
        return this.#push(bytes.readUInt16LE(this.#take(2)));
      case 0x4a: // BININT
        return this.#push(bytes.readInt32LE(this.#take(4)));
      case 0x8c: // SHORT_BINUNICODE
      case 0x55: // SHORT_BINSTRING
      case 0x43: // SHORT_BINBYTES
        return this.#push(this.#text(bytes.readUInt8(this.#take(1))));
      case 0x58: // BINUNICODE
      case 0x54: // BINSTRING
      case 0x42: // BINBYTES
        return this.#push(this.#text(bytes.readUInt32LE(this.#take(4))));
      case 0x63: // GLOBAL
        return this.#push(new Name(`${this.#line()} ${this.#line()}`));
      case 0x93: {
        // STACK_GLOBAL
        const name = this.#pop();
        return this.#push(new Name(`${String(this.#pop())} ${String(name)}`));
      }
      case 0x94: // MEMOIZE
        return void this.#memo.push(this.#peek());
      case 0x71: // BINPUT
        return void (this.#memo[bytes.readUInt8(this.#take(1))] = this.#peek());
      case 0x72: // LONG_BINPUT
        return this.#putLong(bytes.readUInt32LE(this.#take(4)));
      case 0x68: // BINGET
        return this.#get(bytes.readUInt8(this.#take(1)));
      case 0x6a: // LONG_BINGET
        return this.#get(bytes.readUInt32LE(this.#take(4)));
      default:
        this.#refuse('an instruction that lists of numbers do not need', instruction);
    }
  }

  #take(count: number): number {
    const at = this.#at;
    this.#at += count;
    if (this.#at > this.#bytes.length) throw new RangeError('data beyond the end');
    return at;
  }

  #text(length: number): string {
    const at = this.#take(length);
    return this.#bytes.toString('utf8', at, at + length);
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw new RangeError('line without end');
    const text = this.#bytes.toString('latin1', this.#at, end);
    this.#at = end + 1;
    return text;
  }

  #push(value: Value): void {
    this.#stack.push(value);
  }

  #pop(): Value {
    const value = this.#stack.pop();
    if (value === undefined) throw new RangeError('empty stack');
    return value;
  }

  #peek(): Value {
    const value = this.#stack.at(-1);
    if (value === undefined) throw new RangeError('empty stack');
    return value;
  }

  #popToMark(): Value[] {
    const mark = this.#stack.lastIndexOf(MARK);
    if (mark < 0) throw new RangeError('no mark');
    const values = this.#stack.splice(mark);
    values.shift();
    return values;
  }

  #append(values: Value[]): void {
    const list = this.#peek();
    if (!Array.isArray(list)) throw new RangeError('append to something else');
    for (const value of values) list.push(value);
  }

  /** An index is at most the number of values made so far: a larger one would only make a sparse array grow. */
  #putLong(index: number): void {
    if (index > this.#bytes.length) throw new RangeError('memo index beyond the data');
    this.#memo[index] = this.#peek();
  }

  #get(index: number): void {
    const value = this.#memo[index];
    if (value === undefined) throw new RangeError('empty memo');
    this.#push(value);
  }

  #reduce(): void {
    const args = this.#pop();
    const callee = this.#pop();
    const make = callee instanceof Name ? NAMES.get(callee.path) : undefined;
    if (!make) this.#refuse(`a call of ${callee instanceof Name ? callee.path : 'something unnamed'}`);
    for (const arg of Array.isArray(args) ? args : [args]) {
      if (arg instanceof Name && !ARGUMENT_NAMES.has(arg.path)) this.#refuse(`the name ${arg.path}`);
    }
    this.#push(make());
  }

  /** Gives an object its state; an array's is (version, shape, type, fortran order, contents). */
  #build(): void {
    const state = this.#pop();
    const target = this.#peek();
    if (target === OPAQUE) return;
    const contents = Array.isArray(state) ? state[4] : undefined;
    if (!(target instanceof ObjectArray) || !Array.isArray(contents)) this.#refuse('an unknown object');
    target.contents = contents;
  }

  #refuse(found: string, instruction?: number): never {
    throw invalidData('holds pickled data that is not plain lists of numbers', {
      file: this.#file,
      expected: 'a NumPy array of lists of whole numbers',
      found: instruction === undefined ? found : `${found} (0x${instruction.toString(16)})`,
    });
  }
}

/**
 * A list may be named again instead of written again, so that a short pickle can amount to any number of values. A
 * value that is written takes two bytes at least, and those of a dataset are.
 */
function refuseRepetition(lists: readonly Value[], bytes: number, file: string): void {
  const values = lists.reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 0), 0);
  if (values <= bytes / 2) return;
  throw invalidData('holds pickled data that repeats itself', {
    file,
    expected: `at most ${Math.floor(bytes / 2)} values in ${bytes} bytes`,
    found: String(values),
  });
}

/** The `count` lists of a pickled array of objects. */
export function unpickleLists(bytes: Buffer, count: number, file: string): number[][] {
  const array = new PickleMachine(bytes, file).run();
  const lists = array instanceof ObjectArray ? array.contents : undefined;
  refuseRepetition(lists ?? [], bytes.length, file);
  const valid = lists?.every((list) => Array.isArray(list) && list.every(Number.isSafeInteger));
  if (!lists || !valid || lists.length !== count)
    throw invalidData('holds pickled data of another form', {
      file,
      expected: `${count} lists of whole numbers`,
      found: lists ? `${lists.length} values` : typeof array,
    });
  return lists as number[][];
}
