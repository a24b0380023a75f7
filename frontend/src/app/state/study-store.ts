/**
 * One study, live: folded with the reducer that all programs share, once per frame. A page provides its own.
 *
 * The reducer folds in place. What is handed out is a new object after each batch, so that every consumer notices,
 * but only its own fields are: trials and epochs are never copied.
 */
import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';
import {
  isEnded,
  jobSummary,
  reduceStudy,
  type BatchProgress,
  type Problem,
  type StudyEvent,
  type StudyState,
  type TrialView,
} from '@onegin/contracts';
import { ApiClient } from '../api/api-client.ts';
import { ApiError, toApiError } from '../api/api-error.ts';
import { FrameQueue } from '../live/frame-queue.ts';
import { LiveConnection } from '../live/live-connection.ts';
import { TrialTable } from './trial-table.ts';

type Arrival = { snapshot: StudyState } | { events: readonly StudyEvent[] } | { progress: BatchProgress[] };

@Injectable()
export class StudyStore {
  readonly #api = inject(ApiClient);
  readonly #live = inject(LiveConnection);
  readonly #queue = new FrameQueue<Arrival>((arrivals) => this.#apply(arrivals));
  readonly #table = new TrialTable();
  #stopWatching: (() => void) | null = null;
  /** Tells an answer that nobody waits for any more. */
  #openings = 0;

  readonly #folded = signal<StudyState | null>(null);
  readonly #views = signal<readonly TrialView[]>([]);
  readonly #newestEvents = signal<readonly StudyEvent[]>([]);
  readonly #batches = signal<ReadonlyMap<string, BatchProgress>>(new Map());
  readonly #refusal = signal<Problem | null>(null);
  readonly #id = signal<string | null>(null);

  readonly jobId = this.#id.asReadonly();
  readonly state = this.#folded.asReadonly();
  /** Every trial as a row, by number. */
  readonly trials = this.#views.asReadonly();
  /** The events of the last batch; none after a snapshot. */
  readonly newest = this.#newestEvents.asReadonly();
  /** Progress inside the running epochs, by trial number or `final`. */
  readonly progress = this.#batches.asReadonly();
  /** Why the gateway does not show the study. */
  readonly problem = this.#refusal.asReadonly();
  readonly isLoading = computed(() => this.#folded() === null && this.#refusal() === null);
  readonly summary = computed(() => {
    const state = this.#folded();
    return state && jobSummary(state);
  });
  readonly isEnded = computed(() => {
    const state = this.#folded();
    return state !== null && isEnded(state);
  });

  constructor() {
    inject(DestroyRef).onDestroy(() => this.close());
  }

  /** Watches a job until it has ended or the store is closed. */
  open(jobId: string): void {
    if (this.#id() === jobId) return;
    this.close();
    this.#id.set(jobId);
    void this.#begin(jobId);
  }

  /** Asks again after a refusal. */
  retry(): void {
    const jobId = this.#id();
    if (jobId === null) return;
    this.#openings++;
    this.#stopWatching?.();
    this.#refusal.set(null);
    this.#watch(jobId);
    this.#live.retry();
  }

  close(): void {
    this.#openings++;
    this.#stop();
    this.#queue.clear();
    this.#folded.set(null);
    this.#views.set([]);
    this.#newestEvents.set([]);
    this.#batches.set(new Map());
    this.#refusal.set(null);
    this.#id.set(null);
  }

  /** The whole study first, which is small that way; then the events after it. */
  async #begin(jobId: string): Promise<void> {
    const opening = ++this.#openings;
    const answer = await this.#api.state(jobId).catch(toApiError);
    if (opening !== this.#openings) return;
    if (!(answer instanceof ApiError)) this.#apply([{ snapshot: answer }]);
    else if (answer.problem?.code === 'job-unknown') return this.#refusal.set(answer.problem);
    // Whatever else is wrong the connection says, and tries again.
    if (!this.isEnded()) this.#watch(jobId);
  }

  #watch(jobId: string): void {
    this.#stopWatching = this.#live.watchJob({
      jobId,
      after: () => this.#folded()?.seq,
      snapshot: (snapshot) => this.#queue.push({ snapshot }),
      events: (events) => this.#queue.push({ events }),
      progress: (progress) => this.#queue.push({ progress }),
      refused: (problem) => this.#refusal.set(problem),
    });
  }

  #stop(): void {
    this.#stopWatching?.();
    this.#stopWatching = null;
  }

  #apply(arrivals: Arrival[]): void {
    let state = this.#folded();
    const known: StudyEvent[] = [];
    let replaced = false;
    let batches: Map<string, BatchProgress> | null = null;
    for (const arrival of arrivals) {
      if ('snapshot' in arrival) {
        state = arrival.snapshot;
        replaced = true;
      } else if ('events' in arrival) {
        for (const event of arrival.events) state = reduceStudy(state, event);
        known.push(...arrival.events);
      } else {
        batches ??= new Map(this.#batches());
        for (const progress of arrival.progress) batches.set(String(progress.target), progress);
      }
    }
    if (batches) this.#batches.set(batches);
    if (!state || (!replaced && known.length === 0)) return;
    this.#views.set(replaced ? this.#table.of(state) : this.#table.after(state, known));
    this.#newestEvents.set(replaced ? [] : known);
    this.#folded.set({ ...state });
    // Nothing changes any more: nothing runs on.
    if (isEnded(state)) this.#stop();
  }
}
