/** A careful client: it folds what it receives and records every message. */
import { io, type Socket } from 'socket.io-client';
import {
  reduceStudy,
  WIRE_VERSION,
  type BatchProgress,
  type ClientMessages,
  type JobSummary,
  type ServerMessages,
  type StudyEvent,
  type StudyState,
  type TrainerHeartbeat,
  type WatchAnswer,
} from '@onegin/contracts';

export type LiveClient = Socket<ServerMessages, ClientMessages>;

export class TestWatcher {
  readonly socket: LiveClient;
  readonly jobId: string;
  state: StudyState | null = null;
  snapshots = 0;
  /** Events in the order they arrived, over all connections. */
  readonly events: StudyEvent[] = [];
  /** How many events each message brought. */
  readonly batches: number[] = [];
  readonly progress: BatchProgress[] = [];
  readonly goodbyes: string[] = [];
  readonly answers: WatchAnswer[] = [];

  /** @param after the last event it has; it resumes from what it has whenever it reconnects */
  constructor(url: string, jobId: string, after?: number) {
    this.jobId = jobId;
    this.socket = io(url, { transports: ['websocket'], reconnectionDelay: 20, reconnectionDelayMax: 100 });
    this.socket.on('snapshot', ({ state }) => {
      this.snapshots++;
      this.state = state;
    });
    this.socket.on('events', ({ events }) => {
      this.batches.push(events.length);
      this.events.push(...events);
      for (const event of events)
        if (this.state || event.seq === 1) this.state = reduceStudy(this.state, event);
    });
    this.socket.on('progress', ({ progress }) => this.progress.push(...progress));
    this.socket.on('goodbye', ({ reason }) => this.goodbyes.push(reason));
    this.socket.on('connect', () => {
      const has = this.state?.seq ?? after;
      const message = { jobId, version: WIRE_VERSION, ...(has !== undefined && { after: has }) };
      this.socket.emit('watchJob', message, (answer) => this.answers.push(answer));
    });
  }

  get seq(): number {
    return this.state?.seq ?? 0;
  }

  close(): void {
    this.socket.close();
  }
}

/** Whether sequence numbers have neither gaps nor duplicates. */
export const isConsecutive = (events: readonly StudyEvent[]): boolean =>
  events.every(({ seq }, i) => i === 0 || seq === events[i - 1]!.seq + 1);

export class OverviewWatcher {
  readonly socket: LiveClient;
  readonly jobs = new Map<string, JobSummary>();
  trainers: TrainerHeartbeat[] | null = null;
  messages = 0;

  constructor(url: string) {
    this.socket = io(url, { transports: ['websocket'] });
    this.socket.on('jobs', ({ jobs }) => {
      this.messages++;
      for (const job of jobs) this.jobs.set(job.jobId, job);
    });
    this.socket.on('trainers', ({ trainers }) => (this.trainers = trainers));
    this.socket.on('connect', () => this.socket.emit('watchOverview', () => undefined));
  }

  close(): void {
    this.socket.close();
  }
}
