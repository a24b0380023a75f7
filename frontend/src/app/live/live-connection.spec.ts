import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { WIRE_VERSION, type Problem, type StudyEvent } from '@onegin/contracts';
import { SignIn } from '../api/sign-in.ts';
import { LiveConnection, type JobWatcher } from './live-connection.ts';
import { LIVE_SOCKET, type LiveSocket } from './live-socket.ts';

type Listener = (...args: never[]) => void;

/** Stands in for a socket, so that a test says when it is there, lost and back; the real one is in the journeys. */
class HandedSocket {
  connected = false;
  readonly sent: unknown[][] = [];
  connects = 0;
  readonly #listeners = new Map<string, Listener>();
  on(name: string, listener: Listener): this {
    this.#listeners.set(name, listener);
    return this;
  }
  emit(...message: unknown[]): void {
    this.sent.push(message);
  }
  connect(): void {
    this.connects++;
  }
  disconnect(): void {
    this.connected = false;
  }
  hears(name: string, ...args: unknown[]): void {
    if (name === 'connect') this.connected = true;
    if (name === 'disconnect') this.connected = false;
    this.#listeners.get(name)?.(...(args as never[]));
  }
}

const event = (seq: number) => ({ type: 'JobStarted', seq, at: seq }) as StudyEvent;

describe('the live connection (3.2)', () => {
  let sockets: HandedSocket[];
  let live: LiveConnection;
  let wantsIn: boolean;
  beforeEach(() => {
    sockets = [];
    wantsIn = true;
    const make = () => {
      const socket = new HandedSocket();
      sockets.push(socket);
      return socket as unknown as LiveSocket;
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: LIVE_SOCKET, useValue: make },
        { provide: SignIn, useValue: { ask: async () => wantsIn, signedIn: signal(0) } },
      ],
    });
    live = TestBed.inject(LiveConnection);
  });
  const socket = (): HandedSocket => {
    const made = sockets.at(-1);
    if (!made) throw new Error('expected a connection');
    return made;
  };

  function watcher(jobId: string, has: { seq: number | undefined } = { seq: undefined }) {
    const heard: unknown[] = [];
    const watching: JobWatcher = {
      jobId,
      after: () => has.seq,
      snapshot: () => heard.push('snapshot'),
      events: (events) => heard.push(events.map(({ seq }) => seq)),
      progress: () => heard.push('progress'),
      refused: (problem: Problem) => heard.push(problem.code),
    };
    return { heard, stop: live.watchJob(watching) };
  }
  const asked = (name: string) => socket().sent.filter(([sent]) => sent === name);

  it('asks for what is watched, and after a loss from the last event on', () => {
    const has: { seq: number | undefined } = { seq: undefined };
    const { heard } = watcher('job-1', has);
    expect([live.state(), socket().connects]).toEqual(['connecting', 1]);
    socket().hears('connect');
    expect(asked('watchJob').map(([, message]) => message)).toEqual([
      { jobId: 'job-1', version: WIRE_VERSION },
    ]);
    socket().hears('events', { jobId: 'job-1', events: [event(1), event(2)] });
    socket().hears('events', { jobId: 'job-2', events: [event(9)] });
    expect(heard).toEqual([[1, 2]]);
    has.seq = 2;
    socket().hears('disconnect', 'transport close');
    expect(live.isLost()).toBe(true);
    socket().hears('connect');
    expect(live.isLost()).toBe(false);
    expect(asked('watchJob').at(-1)?.[1]).toEqual({ jobId: 'job-1', after: 2, version: WIRE_VERSION });
  });

  it('reads events of an older gateway, and says so where a newer one sends what the page does not know', () => {
    const events: unknown[] = [];
    const { heard } = watcher('job-1', { seq: 0 });
    live.watchJob({
      jobId: 'job-1',
      after: () => 0,
      snapshot: () => undefined,
      events: (told) => events.push(...told),
      progress: () => undefined,
      refused: () => undefined,
    });
    socket().hears('connect');
    socket().hears('events', {
      jobId: 'job-1',
      events: [{ type: 'TrialCancelled', number: 4, seq: 1, at: 5 }],
    });
    expect(events).toEqual([{ type: 'TrainingCancelled', target: 4, seq: 1, at: 5 }]);
    const version = WIRE_VERSION + 1;
    socket().hears('events', {
      jobId: 'job-1',
      version,
      events: [{ type: 'TrainingBlessed', seq: 2, at: 6 }],
    });
    expect(heard).toEqual([[1], 'newer-version']);
  });

  it('comes back by itself where the gateway said goodbye, and at once when asked to', () => {
    watcher('job-1');
    socket().hears('connect');
    socket().hears('disconnect', 'io server disconnect');
    expect(socket().connects).toBe(2);
    live.retry();
    expect(socket().connects).toBe(3);
  });

  it('4.2: is closed with the last watcher, and opened again for the next', () => {
    const [one, other] = [watcher('job-1'), watcher('job-1')];
    socket().hears('connect');
    one.stop();
    expect(asked('unwatchJob')).toEqual([]);
    other.stop();
    other.stop();
    expect(asked('unwatchJob')).toHaveLength(1);
    expect([socket().connected, live.state()]).toEqual([false, 'idle']);
    watcher('job-2');
    expect(sockets).toHaveLength(2);
  });

  it('tells who watches that the gateway refuses', () => {
    const { heard } = watcher('job-1');
    socket().hears('connect');
    const [, , answer] = asked('watchJob')[0] ?? [];
    (answer as (refusal: unknown) => void)({ ok: false, problem: { code: 'job-unknown' } });
    expect(heard).toEqual(['job-unknown']);
  });

  it('5.5: asks for a key where one is needed, and connects again with it', async () => {
    watcher('job-1');
    socket().hears('connect_error', Object.assign(new Error('no'), { data: { code: 'unauthorized' } }));
    await Promise.resolve();
    await Promise.resolve();
    expect(socket().connects).toBe(2);
    wantsIn = false;
    socket().hears('connect_error', new Error('unauthorized'));
    await Promise.resolve();
    await Promise.resolve();
    expect(socket().connects).toBe(2);
  });
});
