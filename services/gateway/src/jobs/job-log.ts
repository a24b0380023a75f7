/** What the gateway needs of the study log; the one in Redis is `@onegin/service-kit`'s, tests may bring another. */
import type { BatchProgress, NewStudyEvent, Refusal, StudyEvent, StudyState } from '@onegin/contracts';

export interface JobLog {
  /** Appends one event if its transition is allowed; otherwise says why not. */
  append(jobId: string, event: NewStudyEvent): Promise<Refusal | null>;
  /** The folded state with all events so far; null when Redis has no such job. */
  load(jobId: string): Promise<StudyState | null>;
  /** At most `count` events after the sequence number. */
  read(jobId: string, after: number, count: number): Promise<StudyEvent[]>;
  /** Job ids and the time they were requested, newest first, at or before the time given. */
  newestJobs(before: number, count: number): Promise<{ jobId: string; at: number }[]>;
  /** Asks the orchestrator to look at the study. */
  requestAdvance(jobId: string): Promise<void>;
}

export interface JobSignalListener {
  /** The log has grown, or may have. */
  changed(jobId: string): void;
  progress(progress: BatchProgress): void;
}

/** Says when logs change, so that nobody has to ask. */
export interface JobSignals {
  /** Until the answer is called, the listener hears of the job. */
  listen(jobId: string, listener: JobSignalListener): Promise<() => void>;
  /** Hears of every job's changes, not of progress. */
  listenToAll(changed: (jobId: string) => void): Promise<() => void>;
  /** Called when signals may have been missed: after a lost connection. */
  onGap(missed: () => void): void;
}
