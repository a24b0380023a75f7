/**
 * The clients that watch one job. All members have been sent the same events: everything up to `flushed`. A client
 * that joins is sent what it lacks up to there and enters the room in the same tick, so nothing is missed or repeated.
 *
 * A client that reads too slowly leaves the room until everything sent to it has gone out, and then rejoins.
 */
import {
  hasOutcome,
  isTrainingEvent,
  toVersion1,
  trainingTransitions,
  WIRE_VERSION,
  type BatchProgress,
  type EventsMessage,
  type StudyEvent,
  type TrainingEvent,
} from '@onegin/contracts';
import type { GatewayMetrics } from '../gateway-metrics.ts';
import type { Watched } from '../jobs/studies.ts';
import { viewersState } from './viewers-state.ts';
import { isDrained, waitingMessages, type LiveIo, type LiveSocket } from './live-types.ts';

/** At most one batch per job in this time, */
export const FLUSH_MS = 100;
/** and at most this share of a gateway's time for the batches of a job: with many viewers they are sent less often. */
const MOST_SHARE = 0.2;
/** With more messages than this waiting to be written, a client is too slow: three seconds of batches. */
const MOST_WAITING = 30;
/** A slow client that lacks more events gets the whole state instead. */
const MOST_FOR_SLOW = 500;

export class JobRoom {
  readonly jobId: string;
  readonly #io: LiveIo;
  readonly #watched: Watched;
  readonly #metrics: GatewayMetrics;
  readonly #members = new Map<string, LiveSocket>();
  /** Slow clients, and the last event that each got. */
  readonly #lagging = new Map<LiveSocket, number>();
  readonly #progress = new Map<string, BatchProgress>();
  readonly #stopListening: () => void;
  #flushed: number;
  /** When the next batch may be sent, by performance.now(). */
  #nextAt = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(io: LiveIo, watched: Watched, metrics: GatewayMetrics) {
    this.#io = io;
    this.#watched = watched;
    this.#metrics = metrics;
    this.jobId = watched.study.jobId;
    this.#flushed = watched.study.state.seq;
    this.#stopListening = watched.study.listen({
      grown: (events) => this.#grown(events),
      replaced: () => this.#replaced(),
    });
  }

  get isEmpty(): boolean {
    return this.#members.size === 0 && this.#lagging.size === 0;
  }

  /**
   * Sends the client what it lacks and adds it to the room. To be called after `remember()`.
   * @returns the sequence number of the last event sent
   */
  join(socket: LiveSocket, after: number | undefined): number {
    const { state } = this.#watched.study;
    if (this.#flushed < state.seq) this.#flush();
    const { jobId } = this;
    const events = after === undefined ? null : this.#watched.study.eventsAfter(after);
    if (events === null) {
      this.#metrics.snapshots.inc({ reason: after === undefined ? 'new' : 'behind' });
      socket.emit('snapshot', { jobId, state: viewersState(state) });
    } else if (events.length > 0) socket.emit('events', this.#message(events, socket.data.version));
    this.#lagging.delete(socket);
    this.#members.set(socket.id, socket);
    void socket.join(this.#nameFor(socket));
    return state.seq;
  }

  /** Reads back what new clients may lack. */
  remember(): Promise<void> {
    return this.#watched.study.remember();
  }

  leave(socket: LiveSocket): void {
    this.#members.delete(socket.id);
    this.#lagging.delete(socket);
    void socket.leave(this.#nameFor(socket));
  }

  /** Keeps the latest value per training until the next batch. */
  progressed(progress: BatchProgress): void {
    this.#progress.set(String(progress.target), progress);
    this.#flushSoon();
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#stopListening();
    this.#watched.release();
  }

  get #name(): string {
    return `job:${this.jobId}`;
  }

  /** Of the clients of version 1: one that opened its page before an upgrade goes on with the names that it knows. */
  get #formerName(): string {
    return `${this.#name}/1`;
  }

  get #hasFormer(): boolean {
    return [...this.#members.values()].some(({ data }) => data.version === 1);
  }

  #nameFor({ data }: LiveSocket): string {
    return data.version === 1 ? this.#formerName : this.#name;
  }

  #message(events: readonly StudyEvent[], version: number): EventsMessage {
    const { jobId } = this;
    if (version === 1) return { jobId, events: events.map(toVersion1) as unknown as StudyEvent[] };
    return { jobId, version: WIRE_VERSION, events };
  }

  #grown(events: readonly StudyEvent[]): void {
    for (const event of events) if (endsTraining(event)) this.#progress.delete(String(event.target));
    if (events.some(endsJob)) this.#flush();
    else this.#flushSoon();
  }

  /** The first event after a pause is sent at once, the following ones in batches. */
  #flushSoon(): void {
    if (this.#timer) return;
    const wait = this.#nextAt - performance.now();
    if (wait <= 0) this.#flush();
    else this.#timer = setTimeout(() => this.#flush(), wait);
  }

  #flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const begin = performance.now();
    this.#removeSlow();
    this.#sendEvents();
    if (this.#progress.size > 0) {
      const progress = [...this.#progress.values()];
      this.#progress.clear();
      this.#io.to([this.#name, this.#formerName]).volatile.emit('progress', { jobId: this.jobId, progress });
    }
    this.#readmit();
    const took = performance.now() - begin;
    this.#nextAt = begin + Math.max(FLUSH_MS, took / MOST_SHARE);
  }

  #sendEvents(): void {
    const { study } = this.#watched;
    const events = study.eventsAfter(this.#flushed);
    if (events?.length === 0) return;
    if (events) {
      this.#metrics.batches.inc();
      this.#io.to(this.#name).emit('events', this.#message(events, WIRE_VERSION));
      if (this.#hasFormer) this.#io.to(this.#formerName).emit('events', this.#message(events, 1));
    } else this.#sendSnapshot('burst');
    this.#flushed = study.state.seq;
  }

  #sendSnapshot(reason: string): void {
    this.#metrics.snapshots.inc({ reason }, this.#members.size);
    const state = viewersState(this.#watched.study.state);
    this.#io.to([this.#name, this.#formerName]).emit('snapshot', { jobId: this.jobId, state });
  }

  #replaced(): void {
    this.#flushed = this.#watched.study.state.seq;
    this.#sendSnapshot('replaced');
    // What these were sent no longer belongs to this log.
    for (const socket of this.#lagging.keys()) this.#lagging.set(socket, Number.MAX_SAFE_INTEGER);
  }

  #removeSlow(): void {
    for (const socket of this.#members.values()) {
      if (waitingMessages(socket) <= MOST_WAITING) continue;
      this.#metrics.slowClients.inc();
      this.#members.delete(socket.id);
      void socket.leave(this.#nameFor(socket));
      this.#lagging.set(socket, this.#flushed);
    }
  }

  #readmit(): void {
    for (const [socket, after] of this.#lagging) {
      if (!isDrained(socket)) continue;
      this.join(socket, this.#flushed - after > MOST_FOR_SLOW ? undefined : after);
    }
    // There is no event for a client that has caught up, so it is polled even if the study is quiet.
    if (this.#lagging.size > 0) this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }
}

/** What a viewer should see at once. */
const endsJob = (event: StudyEvent): boolean =>
  event.type === 'TrainingCompleted'
    ? event.target === 'final'
    : event.type === 'JobCompleted' || event.type === 'JobFailed' || event.type === 'JobCancelled';

/** Progress of the epoch that was under way is of no use any more. */
const endsTraining = (event: StudyEvent): event is StudyEvent & TrainingEvent => {
  if (!isTrainingEvent(event)) return false;
  const { to } = trainingTransitions[event.type];
  return to === 'paused' || hasOutcome(to);
};
