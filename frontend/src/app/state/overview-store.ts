/** All jobs and all trainers, live while somebody looks. */
import { DestroyRef, computed, inject, Injectable, signal } from '@angular/core';
import type { JobSummary, TrainerHeartbeat } from '@onegin/contracts';
import { ApiClient } from '../api/api-client.ts';
import { toApiError, type ApiError } from '../api/api-error.ts';
import { LiveConnection } from '../live/live-connection.ts';

const PAGE = 200;

@Injectable({ providedIn: 'root' })
export class OverviewStore {
  readonly #api = inject(ApiClient);
  readonly #live = inject(LiveConnection);
  readonly #byId = signal<ReadonlyMap<string, JobSummary>>(new Map());
  readonly #alive = signal<readonly TrainerHeartbeat[] | null>(null);
  readonly #failure = signal<ApiError | null>(null);
  readonly #loaded = signal(false);
  #looking = 0;
  #stopWatching: (() => void) | null = null;

  /** Newest first. */
  readonly jobs = computed(() => [...this.#byId().values()].sort((a, b) => b.createdAt - a.createdAt));
  /** Null until they are known. */
  readonly trainers = this.#alive.asReadonly();
  readonly problem = this.#failure.asReadonly();
  readonly isLoading = computed(() => !this.#loaded() && this.#failure() === null);

  /** To be called where a page is made; ends with the page. */
  look(): void {
    const destroyed = inject(DestroyRef);
    if (this.#looking++ === 0) this.#watch();
    destroyed.onDestroy(() => {
      if (--this.#looking > 0) return;
      this.#stopWatching?.();
      this.#stopWatching = null;
    });
    void this.load();
  }

  /** Reads all jobs; the live connection only reports the newest and what changes. */
  async load(): Promise<void> {
    this.#failure.set(null);
    try {
      for (let after: string | null = ''; after !== null;) {
        const page = await this.#api.jobs({ limit: PAGE, after });
        this.#merge(page.jobs);
        this.#loaded.set(true);
        after = page.next;
      }
    } catch (error) {
      this.#failure.set(toApiError(error));
    }
  }

  #watch(): void {
    this.#stopWatching = this.#live.watchOverview({
      jobs: (jobs) => {
        this.#merge(jobs);
        this.#loaded.set(true);
      },
      trainers: (trainers) => this.#alive.set(trainers),
    });
  }

  #merge(jobs: readonly JobSummary[]): void {
    if (jobs.length === 0) return;
    this.#byId.update((known) => {
      const next = new Map(known);
      for (const job of jobs) next.set(job.jobId, job);
      return next;
    });
  }
}
