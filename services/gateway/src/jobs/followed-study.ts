/**
 * One study as this gateway knows it: its state, and its newest events for clients that lack only those.
 *
 * It reads the log on whenever there may be more. However many clients watch a study, its log is read once per gateway.
 */
import { jobEnded, reduceStudy, type StudyEvent, type StudyState } from '@onegin/contracts';
import type { StudyLog } from '@onegin/service-kit';

/** How many of the newest events are kept; a client that is further behind gets the whole state. */
export const EVENTS_KEPT = 2000;
const EVENTS_PER_READ = 1000;

export type LogReader = Pick<StudyLog, 'read' | 'load'>;

export interface StudyListener {
  /** New events, in sequence. */
  grown(events: readonly StudyEvent[]): void;
  /** The state was replaced: Redis came back without its last writes. */
  replaced(): void;
}

export class FollowedStudy {
  /** Folded in place: it changes under anyone who keeps it across an await. */
  state: StudyState;
  /** The newest events, in sequence, up to the state's sequence number; may be empty. */
  #events: StudyEvent[] = [];
  readonly #log: LogReader;
  readonly #listeners = new Set<StudyListener>();
  #running: Promise<void> | null = null;
  #again: Promise<void> | null = null;
  #remembering: Promise<void> | null = null;
  /** The last event folded; null until one was read. */
  #last: StudyEvent | null = null;

  constructor(log: LogReader, state: StudyState) {
    this.#log = log;
    this.state = state;
  }

  get jobId(): string {
    return this.state.jobId;
  }

  get ended(): boolean {
    return jobEnded(this.state.status);
  }

  listen(listener: StudyListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when every event in the log at the time of the call is folded. */
  catchUp(): Promise<void> {
    return this.ended ? Promise.resolve() : this.#read();
  }

  /** As catchUp, after an outage of Redis, which may have lost its last writes, even a job's end. */
  recheck(): Promise<void> {
    return this.#read();
  }

  #read(): Promise<void> {
    if (!this.#running) return (this.#running = this.#readForward().finally(() => (this.#running = null)));
    // The read in progress may have missed the newest event; one further read serves everyone who asks now.
    return (this.#again ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#again = null;
        return this.#read();
      }));
  }

  async #readForward(): Promise<void> {
    for (;;) {
      const { seq } = this.state;
      // The last event folded is read again: if another is in its place, Redis has lost events.
      const [known, ...events] = await this.#log.read(this.jobId, seq - 1, EVENTS_PER_READ);
      if (known?.seq !== seq || !this.#isLast(known)) return this.#reload();
      this.#last = known;
      if (events.length > 0) this.#fold(events);
      if (events.length < EVENTS_PER_READ - 1 || this.ended) return;
    }
  }

  #isLast({ at, type }: StudyEvent): boolean {
    return this.#last === null || (this.#last.at === at && this.#last.type === type);
  }

  async #reload(): Promise<void> {
    const state = await this.#log.load(this.jobId);
    // It is no longer in Redis, as archived studies are; its known state stays valid.
    if (!state) return;
    this.state = state;
    this.#last = null;
    this.#events = [];
    this.#remembering = null;
    for (const listener of this.#listeners) listener.replaced();
  }

  #fold(events: readonly StudyEvent[]): void {
    for (const event of events) reduceStudy(this.state, event);
    this.#last = events.at(-1)!;
    this.#events.push(...events);
    if (this.#events.length > EVENTS_KEPT) this.#events.splice(0, this.#events.length - EVENTS_KEPT);
    for (const listener of this.#listeners) listener.grown(events);
  }

  /**
   * Reads back the newest events, once: after a restart the gateway starts from a stored state and has none of the
   * events before it, which clients may lack.
   */
  remember(): Promise<void> {
    return (this.#remembering ??= this.#readBack().catch((error: unknown) => {
      this.#remembering = null;
      throw error;
    }));
  }

  async #readBack(): Promise<void> {
    const room = EVENTS_KEPT - this.#events.length;
    const before = (this.#events[0]?.seq ?? this.state.seq + 1) - 1;
    if (room <= 0 || before <= 0) return;
    const earlier = await this.#log.read(this.jobId, Math.max(0, before - room), room);
    const first = this.#events[0]?.seq ?? this.state.seq + 1;
    // More may have been folded in the meantime.
    const missing = earlier.filter(({ seq }) => seq < first);
    if (missing.at(-1)?.seq === first - 1) this.#events.unshift(...missing);
  }

  /** The events after a sequence number; null if some are no longer known, or the number is beyond the log. */
  eventsAfter(seq: number): StudyEvent[] | null {
    if (seq === this.state.seq) return [];
    const first = this.#events[0];
    if (seq > this.state.seq || !first || first.seq > seq + 1) return null;
    return this.#events.slice(seq + 1 - first.seq);
  }
}
