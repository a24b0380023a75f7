/**
 * The clients that watch one job. All members have been sent the same events: everything up to `flushed`. A client
 * joins by being sent what it lacks up to there and entering the room in the same tick, so that there is neither a
 * gap nor a double.
 *
 * A client that reads too slowly leaves the room until all that was sent to it has gone out, and joins again.
 */
import {
  hasOutcome,
  isTrainingEvent,
  trainingTransitions,
  type BatchProgress,
  type StudyEvent,
  type TrainingEvent,
} from '@onegin/contracts';
import type { GatewayMetrics } from '../gateway-metrics.ts';
import type { Watched } from '../jobs/studies.ts';
import { viewersState } from './viewers-state.ts';
import { isDrained, waitingMessages, type LiveIo, type LiveSocket } from './live-types.ts';

/** A batch per job at most so often: ten a second, */
export const FLUSH_MS = 100;
/** and no more of a gateway's time goes into the batches of a job: where many watch, they come less often. */
const MOST_SHARE = 0.2;
/** More messages than this waiting to be written: the client is too slow. Three seconds of batches. */
const MOST_WAITING = 30;
/** A slow client that lacks more events than this gets the whole state instead. */
const MOST_FOR_SLOW = 500;

export class JobRoom {
  readonly jobId: string;
  private readonly io: LiveIo;
  private readonly watched: Watched;
  private readonly metrics: GatewayMetrics;
  private readonly members = new Map<string, LiveSocket>();
  /** Slow clients, and the last event that each was sent. */
  private readonly lagging = new Map<LiveSocket, number>();
  private readonly progress = new Map<string, BatchProgress>();
  private readonly stopListening: () => void;
  private flushed: number;
  /** When the next batch may go out, on performance.now()'s clock. */
  private nextAt = 0;
  private timer: NodeJS.Timeout | null = null;

  constructor(io: LiveIo, watched: Watched, metrics: GatewayMetrics) {
    this.io = io;
    this.watched = watched;
    this.metrics = metrics;
    this.jobId = watched.study.jobId;
    this.flushed = watched.study.state.seq;
    this.stopListening = watched.study.listen({
      grown: (events) => this.grown(events),
      replaced: () => this.replaced(),
    });
  }

  get isEmpty(): boolean {
    return this.members.size === 0 && this.lagging.size === 0;
  }

  /**
   * Sends the client what it lacks and lets it in. To be called after `remember()`.
   * @returns the sequence number of the last event it was sent
   */
  join(socket: LiveSocket, after: number | undefined): number {
    const { state } = this.watched.study;
    if (this.flushed < state.seq) this.flush();
    const { jobId } = this;
    const events = after === undefined ? null : this.watched.study.eventsAfter(after);
    if (events === null) {
      this.metrics.snapshots.inc({ reason: after === undefined ? 'new' : 'behind' });
      socket.emit('snapshot', { jobId, state: viewersState(state) });
    } else if (events.length > 0) socket.emit('events', { jobId, events });
    this.lagging.delete(socket);
    this.members.set(socket.id, socket);
    void socket.join(this.name);
    return state.seq;
  }

  /** Reads back what clients that come now may lack. */
  remember(): Promise<void> {
    return this.watched.study.remember();
  }

  leave(socket: LiveSocket): void {
    this.members.delete(socket.id);
    this.lagging.delete(socket);
    void socket.leave(this.name);
  }

  /** Latest value per training; what is overtaken before the next batch is never sent. */
  progressed(progress: BatchProgress): void {
    this.progress.set(String(progress.target), progress);
    this.flushSoon();
  }

  close(): void {
    if (this.timer) clearTimeout(this.timer);
    this.stopListening();
    this.watched.release();
  }

  private get name(): string {
    return `job:${this.jobId}`;
  }

  private grown(events: readonly StudyEvent[]): void {
    for (const event of events) if (endsTraining(event)) this.progress.delete(String(event.target));
    if (events.some(endsJob)) this.flush();
    else this.flushSoon();
  }

  /** The first event after a quiet time goes out at once, the following ones together. */
  private flushSoon(): void {
    if (this.timer) return;
    const wait = this.nextAt - performance.now();
    if (wait <= 0) this.flush();
    else this.timer = setTimeout(() => this.flush(), wait);
  }

  private flush(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const begin = performance.now();
    this.setSlowAside();
    this.sendEvents();
    if (this.progress.size > 0) {
      const progress = [...this.progress.values()];
      this.progress.clear();
      this.io.to(this.name).volatile.emit('progress', { jobId: this.jobId, progress });
    }
    this.letBackIn();
    const took = performance.now() - begin;
    this.nextAt = begin + Math.max(FLUSH_MS, took / MOST_SHARE);
  }

  private sendEvents(): void {
    const { jobId } = this;
    const { study } = this.watched;
    const events = study.eventsAfter(this.flushed);
    if (events?.length === 0) return;
    if (events) {
      this.metrics.batches.inc();
      this.io.to(this.name).emit('events', { jobId, events });
    } else this.sendSnapshot('burst');
    this.flushed = study.state.seq;
  }

  private sendSnapshot(reason: string): void {
    this.metrics.snapshots.inc({ reason }, this.members.size);
    const state = viewersState(this.watched.study.state);
    this.io.to(this.name).emit('snapshot', { jobId: this.jobId, state });
  }

  private replaced(): void {
    this.flushed = this.watched.study.state.seq;
    this.sendSnapshot('replaced');
    // What these had been sent is another story than the one that goes on.
    for (const socket of this.lagging.keys()) this.lagging.set(socket, Number.MAX_SAFE_INTEGER);
  }

  private setSlowAside(): void {
    for (const socket of this.members.values()) {
      if (waitingMessages(socket) <= MOST_WAITING) continue;
      this.metrics.slowClients.inc();
      this.members.delete(socket.id);
      void socket.leave(this.name);
      this.lagging.set(socket, this.flushed);
    }
  }

  private letBackIn(): void {
    for (const [socket, after] of this.lagging) {
      if (!isDrained(socket)) continue;
      this.join(socket, this.flushed - after > MOST_FOR_SLOW ? undefined : after);
    }
    // Nobody tells when a client has caught up after the study has gone quiet, so it is looked at again.
    if (this.lagging.size > 0) this.timer ??= setTimeout(() => this.flush(), FLUSH_MS);
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
