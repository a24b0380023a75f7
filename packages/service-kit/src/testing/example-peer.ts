/** A peer that does whatever the spec of the channel asks of it; runs as a process and as a thread. */
import { parentPort } from 'node:worker_threads';
import { OneginError } from '@onegin/contracts';
import { serveParent } from '../channel/index.ts';

export interface ExamplePeerMethods {
  add(numbers: { a: number; b: number; afterMs?: number }): number;
  echo(value: unknown): unknown;
  fail(how: 'with problems' | 'without a code' | 'uncloneable'): never;
  /** Asks the parent to double it, and says so at once. */
  double(value: number): Promise<number>;
  /** Resolves when the parent gave it up, with how often that has happened. */
  waitForCancel(value: null): Promise<number>;
  cancelled(value: null): number;
  /** Never comes back, and never looks at a message again. */
  hang(value: null): never;
  end(code: number): never;
  throwLater(message: string): void;
  /** Sends what is no message of a channel. */
  garble(value: null): number;
}

export interface ExampleParentMethods {
  double(value: number): number;
  told(value: number): void;
}

let cancelled = 0;

const parent = serveParent<ExamplePeerMethods, ExampleParentMethods>({
  add: async ({ a, b, afterMs = 0 }) => {
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    return a + b;
  },
  echo: (value) => value,
  fail: (how) => {
    if (how === 'without a code') throw new RangeError('it is out of range');
    if (how === 'uncloneable') return (() => undefined) as never;
    throw new OneginError('request-invalid', 'two fields are wrong', {
      problems: [{ field: 'space.lr', expected: 'expected a number', found: '"x"' }],
      retryAfterSeconds: 7,
    });
  },
  double: async (value): Promise<number> => {
    parent.notify('told', value);
    return parent.request('double', value);
  },
  waitForCancel: (_, signal) =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve(++cancelled))),
  cancelled: () => cancelled,
  hang: () => {
    for (;;);
  },
  end: (code) => process.exit(code),
  throwLater: (message) =>
    void setTimeout(() => {
      throw new Error(message);
    }),
  garble: () => {
    const send = (value: unknown) =>
      parentPort ? parentPort.postMessage(value) : process.send!(value as object);
    const garbage = [
      null,
      7,
      'words',
      {},
      { type: 'none' },
      { type: 'result', id: 4711 },
      { type: 'cancel', id: 0 },
    ];
    garbage.forEach(send);
    return garbage.length;
  },
});
