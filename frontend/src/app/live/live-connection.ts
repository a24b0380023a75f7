/**
 * The one live connection of the page. A watcher of a job says which event it has last; after the connection was
 * lost everything is asked for again from there, so that nothing is missed and nothing comes twice.
 *
 * Nothing is connected while nobody watches.
 */
import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import {
  eventsOfMessage,
  WIRE_VERSION,
  type BatchProgress,
  type EventsMessage,
  type JobSummary,
  type Problem,
  type StudyEvent,
  type StudyState,
  type TrainerHeartbeat,
} from '@onegin/contracts';
import { SignIn } from '../api/sign-in.ts';
import { LIVE_SOCKET, type LiveSocket } from './live-socket.ts';

export type ConnectionState = 'idle' | 'connecting' | 'live' | 'lost';

export interface JobWatcher {
  readonly jobId: string;
  /** Sequence number of the last event it has; undefined: it has nothing. */
  after(): number | undefined;
  snapshot(state: StudyState): void;
  events(events: readonly StudyEvent[]): void;
  progress(progress: BatchProgress[]): void;
  refused(problem: Problem): void;
}

export interface OverviewWatcher {
  jobs(jobs: JobSummary[]): void;
  trainers(trainers: TrainerHeartbeat[]): void;
}

@Injectable({ providedIn: 'root' })
export class LiveConnection {
  readonly #makeSocket = inject(LIVE_SOCKET);
  readonly #signIn = inject(SignIn);
  readonly #watchers = new Set<JobWatcher>();
  readonly #overviewWatchers = new Set<OverviewWatcher>();
  #socket: LiveSocket | null = null;

  readonly #current = signal<ConnectionState>('idle');
  readonly state = this.#current.asReadonly();
  readonly isLost = computed(() => this.#current() === 'lost');

  constructor() {
    effect(() => {
      if (this.#signIn.signedIn() > 0) untracked(() => this.retry());
    });
  }

  /** @returns how to stop watching */
  watchJob(watcher: JobWatcher): () => void {
    this.#watchers.add(watcher);
    const socket = this.#connect();
    if (socket.connected) this.#ask(socket, watcher);
    return () => {
      if (!this.#watchers.delete(watcher)) return;
      const others = [...this.#watchers].some(({ jobId }) => jobId === watcher.jobId);
      if (!others && this.#socket?.connected) this.#socket.emit('unwatchJob', { jobId: watcher.jobId });
      this.#disconnectIfIdle();
    };
  }

  /** @returns how to stop watching */
  watchOverview(watcher: OverviewWatcher): () => void {
    this.#overviewWatchers.add(watcher);
    const socket = this.#connect();
    if (socket.connected) socket.emit('watchOverview', () => undefined);
    return () => {
      this.#overviewWatchers.delete(watcher);
      this.#disconnectIfIdle();
    };
  }

  /** Tries again at once. */
  retry(): void {
    if (this.#socket && !this.#socket.connected) this.#socket.connect();
  }

  #connect(): LiveSocket {
    if (this.#socket) return this.#socket;
    const socket = this.#makeSocket();
    this.#socket = socket;
    this.#current.set('connecting');
    this.#listen(socket);
    socket.connect();
    return socket;
  }

  #listen(socket: LiveSocket): void {
    socket.on('connect', () => {
      this.#current.set('live');
      for (const watcher of this.#watchers) this.#ask(socket, watcher);
      if (this.#overviewWatchers.size > 0) socket.emit('watchOverview', () => undefined);
    });
    socket.on('disconnect', (reason) => {
      if (this.#socket !== socket) return;
      this.#current.set('lost');
      // The library only comes back by itself where the other side did not say goodbye.
      if (reason === 'io server disconnect') socket.connect();
    });
    socket.on('connect_error', (error) => {
      if (this.#socket !== socket) return;
      this.#current.set('lost');
      if (isUnauthorized(error)) void this.#askForKey(socket);
    });
    socket.on('snapshot', ({ jobId, state }) => this.#tell(jobId, (watcher) => watcher.snapshot(state)));
    socket.on('events', (message) => this.#tell(message.jobId, (watcher) => tellEvents(watcher, message)));
    socket.on('progress', ({ jobId, progress }) =>
      this.#tell(jobId, (watcher) => watcher.progress(progress)),
    );
    socket.on('jobs', ({ jobs }) => this.#overviewWatchers.forEach((watcher) => watcher.jobs(jobs)));
    socket.on('trainers', ({ trainers }) =>
      this.#overviewWatchers.forEach((watcher) => watcher.trainers(trainers)),
    );
  }

  async #askForKey(socket: LiveSocket): Promise<void> {
    socket.disconnect();
    if (await this.#signIn.ask()) this.retry();
  }

  #ask(socket: LiveSocket, watcher: JobWatcher): void {
    const after = watcher.after();
    const { jobId } = watcher;
    const message = { jobId, version: WIRE_VERSION, ...(after !== undefined && { after }) };
    socket.emit('watchJob', message, (answer) => {
      if (!answer.ok && this.#watchers.has(watcher)) watcher.refused(answer.problem);
    });
  }

  #tell(jobId: string, say: (watcher: JobWatcher) => void): void {
    for (const watcher of this.#watchers) if (watcher.jobId === jobId) say(watcher);
  }

  #disconnectIfIdle(): void {
    if (this.#watchers.size > 0 || this.#overviewWatchers.size > 0) return;
    const socket = this.#socket;
    this.#socket = null;
    this.#current.set('idle');
    socket?.disconnect();
  }
}

/** Socket.IO hands on what the server's middleware said as `data`. */
function isUnauthorized(error: Error & { data?: unknown }): boolean {
  const { data } = error;
  return (
    error.message === 'unauthorized' ||
    (typeof data === 'object' && data !== null && 'code' in data && data.code === 'unauthorized')
  );
}

/** A page that is older than its gateway says so where it can't go on, rather than show a wrong state. */
const OUTDATED: Problem = {
  type: '/api/errors/newer-version',
  title: 'This page is older than the gateway',
  status: 409,
  detail: 'Reload the page to go on.',
  code: 'newer-version',
};

function tellEvents(watcher: JobWatcher, message: EventsMessage): void {
  let events: readonly StudyEvent[];
  try {
    events = eventsOfMessage(message);
  } catch {
    return watcher.refused(OUTDATED);
  }
  watcher.events(events);
}
