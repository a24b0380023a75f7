import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, describe, expect, it } from '@jest/globals';
import { OneginError } from '@onegin/contracts';
import type { ExampleParentMethods, ExamplePeerMethods } from '../testing/example-peer.ts';
import { until } from '../testing/until.ts';
import { needsReplacement, Peer, PeerOnDemand, startProcess, startThread } from './index.ts';

const module = new URL('../testing/example-peer.ts', import.meta.url);
const options = { name: 'the example', code: 'plots-failed' } as const;
type ExamplePeer = Peer<ExamplePeerMethods, ExampleParentMethods>;

const peers: ExamplePeer[] = [];
afterEach(() => {
  for (const peer of peers.splice(0)) peer.kill();
});

describe.each([
  ['a child process', startProcess, 'was ended by SIGKILL'],
  ['a thread', startThread, 'ended with code 1'],
])('a channel to %s', (_name, startTransport, killed) => {
  const start = (more: { idleMs?: number } = {}): ExamplePeer => {
    const peer: ExamplePeer = new Peer(startTransport(module), { ...options, ...more });
    peers.push(peer);
    return peer;
  };

  it('answers requests, many at once and each with its own result', async () => {
    const peer = start();
    const sums = [30, 0, 15, 1].map((afterMs, i) => peer.request('add', { a: i, b: 10, afterMs }));
    expect(await Promise.all(sums)).toEqual([10, 11, 12, 13]);
  });

  it('carries bytes and special values as they are', async () => {
    const value = {
      bytes: new Uint8Array([0, 255, 7]),
      infinite: -Infinity,
      map: new Map([[1, new Date(5)]]),
    };
    expect(await start().request('echo', value)).toEqual(value);
  });

  it('lets the peer ask and tell, in the async context of the side that answers', async () => {
    const peer = start();
    const context = new AsyncLocalStorage<string>();
    const heard: unknown[] = [];
    context.run('answering', () =>
      peer.handle({
        double: async (value) => (heard.push(['double', value, context.getStore()]), 2 * value),
        told: (value) => void heard.push(['told', value, context.getStore()]),
      }),
    );
    expect(await peer.request('double', 21)).toBe(42);
    expect(heard).toEqual([
      ['told', 21, 'answering'],
      ['double', 21, 'answering'],
    ]);
    peer.handle({
      double: () => {
        throw new OneginError('storage-full', 'no room');
      },
    });
    await expect(peer.request('double', 1)).rejects.toMatchObject({
      code: 'storage-full',
      message: 'no room',
    });
  });

  it('keeps class, code, message, problems and origin of errors', async () => {
    const peer = start();
    const error = await peer.request('fail', 'with problems').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OneginError);
    expect(error).toMatchObject({
      name: 'OneginError',
      code: 'request-invalid',
      message: 'two fields are wrong',
      problems: [{ field: 'space.lr', expected: 'expected a number', found: '"x"' }],
      retryAfterSeconds: 7,
      stack: expect.stringContaining('example-peer.ts'),
    });
    await expect(peer.request('fail', 'without a code')).rejects.toMatchObject({
      code: 'plots-failed',
      message: 'it is out of range',
    });
  });

  it('rejects what cannot be cloned and goes on', async () => {
    const peer = start();
    const wrong = expect.stringContaining('could not be cloned');
    await expect(peer.request('fail', 'uncloneable')).rejects.toMatchObject({ message: wrong });
    await expect(peer.request('echo', () => undefined)).rejects.toMatchObject({ message: wrong });
    expect(await peer.request('echo', 1)).toBe(1);
  });

  it('rejects an unknown method, ignores unknown notifications and garbage', async () => {
    const peer = start();
    const other = peer as unknown as Peer<Record<'nothing' | 'constructor', (value: null) => void>>;
    for (const method of ['nothing', 'constructor'] as const)
      await expect(other.request(method, null)).rejects.toMatchObject({
        code: 'internal',
        message: `nothing answers the request ${method}`,
      });
    other.notify('nothing', null);
    const waiting = peer.request('add', { a: 1, b: 2, afterMs: 20 });
    expect(await peer.request('garble', null)).toBe(7);
    expect(await waiting).toBe(3);
  });

  it('cancels: the request is rejected at once with the reason, the handler is told, the peer lives on', async () => {
    const peer = start();
    const stop = new AbortController();
    const waiting = peer.request('waitForCancel', null, { signal: stop.signal });
    expect(await peer.request('cancelled', null)).toBe(0);
    const reason = new OneginError('shutting-down', 'not wanted any more');
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(await peer.request('cancelled', null)).toBe(1);
    await expect(peer.request('echo', 1, { signal: stop.signal })).rejects.toBe(reason);
    expect(peer.alive).toBe(true);
  });

  it('gives up after a time limit', async () => {
    const peer = start();
    await peer.request('echo', 1);
    await expect(peer.request('waitForCancel', null, { timeoutMs: 5 })).rejects.toMatchObject({
      code: 'plots-failed',
      message: 'the example did not answer waitForCancel within 0.005 s',
    });
    expect(await peer.request('cancelled', null)).toBe(1);
  });

  it('kills a peer that does not stop in time, and spares one that does', async () => {
    const obedient = start();
    const late = { code: 'plots-failed', message: expect.stringContaining('within 0.02 s') };
    const limits = { timeoutMs: 20, killAfterMs: 60_000 };
    await expect(obedient.request('waitForCancel', null, limits)).rejects.toMatchObject(late);
    expect(obedient.alive).toBe(true);
    const hanging = start();
    await hanging.request('echo', 1);
    const stop = new AbortController();
    const waiting = hanging.request('hang', null, { signal: stop.signal, killAfterMs: 10 });
    stop.abort(new Error('not wanted any more'));
    await expect(waiting).rejects.toBe(stop.signal.reason);
    expect(hanging.alive).toBe(false);
  });

  it('rejects all that waits when the peer dies, and whatever comes after', async () => {
    const peer = start();
    const waiting = [
      peer.request('waitForCancel', null),
      peer.request('add', { a: 1, b: 1, afterMs: 60_000 }),
    ];
    await peer.request('echo', 1);
    if (peer.pid === undefined) peer.kill();
    else process.kill(peer.pid, 'SIGKILL');
    const death = { name: 'OneginError', code: 'plots-failed', message: `the example ${killed}` };
    for (const request of waiting) await expect(request).rejects.toMatchObject(death);
    expect(peer.alive).toBe(false);
    await expect(peer.request('echo', 2)).rejects.toMatchObject(death);
    peer.notify('echo', 3);
  });

  it('says how a peer ended by itself, with its last words, or why it was killed', async () => {
    await expect(start().request('end', 3)).rejects.toMatchObject({
      message: 'the example ended with code 3',
    });
    const broken = start();
    broken.notify('throwLater', 'a screw is loose');
    await expect(broken.request('waitForCancel', null)).rejects.toMatchObject({
      message: expect.stringMatching(/^the example ended with code 1: .*a screw is loose/s),
    });
    const peer = start();
    const waiting = peer.request('waitForCancel', null);
    const reason = new OneginError('training-hung', 'no step');
    peer.kill(reason);
    peer.kill(new OneginError('internal', 'too late to say'));
    await expect(waiting).rejects.toBe(reason);
  });

  it('rejects when the peer cannot start', async () => {
    const peer: ExamplePeer = new Peer(startTransport(new URL('./nowhere.ts', import.meta.url)), options);
    await expect(peer.request('echo', 1)).rejects.toMatchObject({
      code: 'plots-failed',
      message: expect.stringContaining('nowhere.ts'),
    });
  });

  it('ends when nothing was asked for a while, not while it works', async () => {
    const peer = start({ idleMs: 30 });
    expect(await peer.request('add', { a: 1, b: 2, afterMs: 100 })).toBe(3);
    expect(peer.alive).toBe(true);
    await until(() => !peer.alive);
  });

  it('is started on first use, and again after a death', async () => {
    const replaced: (string | null)[] = [];
    const onDemand = new PeerOnDemand((reason) => {
      replaced.push(reason);
      return start();
    });
    expect(replaced).toEqual([]);
    const first = onDemand.take();
    expect(onDemand.take()).toBe(first);
    await expect(first.request('end', 1)).rejects.toThrow('ended with code 1');
    const second = onDemand.take();
    expect(await second.request('echo', 'again')).toBe('again');
    const waiting = second.request('waitForCancel', null);
    onDemand.close(new OneginError('shutting-down', 'the program is ending'));
    await expect(waiting).rejects.toMatchObject({ code: 'shutting-down' });
    expect(onDemand.take()).not.toBe(second);
    expect(replaced).toEqual([null, 'it has ended', null]);
  });
});

describe('a peer in use', () => {
  const most = { uses: 3, memoryMb: 100 };
  const used = { alive: true, uses: 2, memoryBytes: 100 * 2 ** 20 };

  it.each([
    [used, null],
    [{ ...used, alive: false }, 'it has ended'],
    [{ ...used, uses: 3 }, 'it was used 3 times'],
    [{ ...used, memoryBytes: 101 * 2 ** 20 }, 'it holds 101 MB'],
  ])('%j needs replacement: %p', (peer, reason) => expect(needsReplacement(peer, most)).toBe(reason));
});
