/**
 * One study as this gateway knows it: its state, and its newest events for clients that lack only those.
 *
 * It reads the log forward whenever it is told that there may be more. However many clients look at a study, its
 * log is read once per gateway.
 */
import { jobEnded, reduceStudy, type StudyEvent, type StudyState } from '@onegin/contracts';
import type { JobLog } from './job-log.ts';

/** So many newest events are kept; a client that is further behind gets the whole state. */
export const EVENTS_KEPT = 2000;
const EVENTS_PER_READ = 1000;

export class FollowedStudy {
  /** Folded in place: whoever keeps it across an await sees it change. */
  readonly state: StudyState;
  /** The newest events, in sequence; the last has the state's sequence number, or there are none. */
  readonly events: StudyEvent[] = [];
  private readonly log: JobLog;
  private readonly listeners = new Set<(events: readonly StudyEvent[]) => void>();
  private running: Promise<void> | null = null;
  private again: Promise<void> | null = null;

  constructor(log: JobLog, state: StudyState) {
    this.log = log;
    this.state = state;
  }

  get jobId(): string {
    return this.state.jobId;
  }

  get ended(): boolean {
    return jobEnded(this.state.status);
  }

  /** Called with every batch of new events, in sequence. */
  listen(listener: (events: readonly StudyEvent[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Resolves when every event that stood in the log at the time of the call is folded. */
  catchUp(): Promise<void> {
    if (this.ended) return Promise.resolve();
    if (!this.running) return (this.running = this.readForward().finally(() => (this.running = null)));
    // What runs may have passed the newest event already; one further read covers all who ask now.
    return (this.again ??= this.running
      .catch(() => undefined)
      .then(() => {
        this.again = null;
        return this.catchUp();
      }));
  }

  private async readForward(): Promise<void> {
    for (;;) {
      const events = await this.log.read(this.jobId, this.state.seq, EVENTS_PER_READ);
      if (events.length > 0) this.fold(events);
      if (events.length < EVENTS_PER_READ || this.ended) return;
    }
  }

  private fold(events: readonly StudyEvent[]): void {
    for (const event of events) reduceStudy(this.state, event);
    this.events.push(...events);
    if (this.events.length > EVENTS_KEPT) this.events.splice(0, this.events.length - EVENTS_KEPT);
    for (const listener of this.listeners) listener(events);
  }

  /** The events after a sequence number; null when some of them are no longer kept. */
  eventsAfter(seq: number): StudyEvent[] | null {
    if (seq >= this.state.seq) return [];
    const first = this.events[0];
    if (!first || first.seq > seq + 1) return null;
    return this.events.slice(seq + 1 - first.seq);
  }
}
