/**
 * What gateway and clients say to each other over Socket.IO (WebSocket only, default path).
 *
 * A client that lost its connection, or talks to another gateway, says `watchJob` again with the sequence number it
 * has, and goes on without a gap or a double. On `goodbye` it should connect again.
 */
import * as z from 'zod';
import { jobIdSchema } from '../targets.ts';
import type { JobSummary } from '../view/job-view.ts';
import type { Problem } from '../error-codes.ts';
import type { BatchProgress, TrainerHeartbeat } from './trainer-heartbeat.ts';
import type { StudyEvent } from '../log/study-event.ts';
import type { StudyState } from '../log/study-state.ts';

export const watchJobSchema = z.strictObject({
  jobId: jobIdSchema,
  /** Sequence number of the last event the client has; absent: it has nothing. */
  after: z.int().min(0).optional(),
  /** The client's version of the wire; absent: 1, and events come under the names that they had then. */
  version: z.int().min(1).optional(),
});
export type WatchJob = z.infer<typeof watchJobSchema>;

export const unwatchJobSchema = watchJobSchema.pick({ jobId: true });

/** `seq`: number of the last event that the client was sent by now. */
export type WatchAnswer = { ok: true; seq: number } | { ok: false; problem: Problem };

/** Client → gateway. Every message is answered through its acknowledgement. */
export interface ClientMessages {
  watchJob: (message: WatchJob, answer: (answer: WatchAnswer) => void) => void;
  unwatchJob: (message: { jobId: string }) => void;
  /** The list of jobs and the trainers, live. */
  watchOverview: (answer: (answer: { ok: true } | { ok: false; problem: Problem }) => void) => void;
}

export interface EventsMessage {
  readonly jobId: string;
  readonly events: readonly StudyEvent[];
  /** Of the gateway; absent: 1. */
  readonly version?: number;
}

/** Gateway → client. */
export interface ServerMessages {
  /** The whole state; what the client had is replaced. */
  snapshot: (message: { jobId: string; state: StudyState }) => void;
  /** Events after the last the client was sent, in sequence, without a gap. */
  events: (message: EventsMessage) => void;
  /** Latest progress inside epochs; may be lost. */
  progress: (message: { jobId: string; progress: BatchProgress[] }) => void;
  /** At first the newest jobs, then those that changed; to be merged by id. */
  jobs: (message: { jobs: JobSummary[] }) => void;
  /** All trainers that are alive. */
  trainers: (message: { trainers: TrainerHeartbeat[] }) => void;
  /** The gateway ends; it closes the connection next. */
  goodbye: (message: { reason: string }) => void;
}
