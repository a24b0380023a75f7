/**
 * How the viewers of one process read what they are sent. Each has its own connection and folds every event into a
 * state of its own; but all are sent the same batches, byte for byte, and such a batch is parsed once for all of
 * them. (Real viewers are on machines of their own, and do that at the same time.)
 */
import { EventEmitter } from 'node:events';

interface Packet {
  readonly type: number;
  readonly nsp: string;
  readonly id?: number;
  readonly data?: unknown;
}

const KEPT = 32;
const SHARED = '2["events"';

/** Socket.IO's protocol as text: type, acknowledgement, JSON; no binary data, one namespace. */
export class Encoder {
  encode({ type, id, data }: Packet): string[] {
    return [`${type}${id ?? ''}${data === undefined ? '' : JSON.stringify(data)}`];
  }
}

const parsed = new Map<string, unknown>();

export class Decoder extends EventEmitter {
  add(text: string): void {
    const [, type = '', id = ''] = /^(\d)(\d*)/.exec(text) ?? [];
    const packet = { type: Number(type), nsp: '/', data: dataOf(text, type.length + id.length) };
    this.emit('decoded', id === '' ? packet : { ...packet, id: Number(id) });
  }

  destroy(): void {
    this.removeAllListeners();
  }
}

function dataOf(text: string, from: number): unknown {
  if (text.length === from) return undefined;
  if (!text.startsWith(SHARED)) return JSON.parse(text.slice(from));
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const data: unknown = JSON.parse(text.slice(from));
  parsed.set(text, data);
  const [oldest] = parsed.keys();
  if (parsed.size > KEPT && oldest !== undefined) parsed.delete(oldest);
  return data;
}
