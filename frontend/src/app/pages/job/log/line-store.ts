/**
 * The log lines that all services wrote about the study, oldest first, for as long as somebody looks. Lines go with
 * events: new events are the sign to ask for new lines, so a study that stands still or has ended is not asked about.
 */
import { DestroyRef, effect, inject, Injectable, signal, untracked } from '@angular/core';
import type { JobLine } from '@onegin/contracts';
import { ApiClient } from '../../../api/api-client.ts';
import { toApiError, type ApiError } from '../../../api/api-error.ts';
import { StudyStore } from '../../../state/study-store.ts';

/** As many as the gateway keeps. */
const MOST_KEPT = 5000;
const PAGE = 1000;
/** Services send their lines a moment after the events. */
const AFTER_EVENTS_MS = 1000;
/** After the end they still have a word or two to say. */
const AFTER_END_MS = 3000;

@Injectable()
export class LineStore {
  readonly #api = inject(ApiClient);
  readonly #study = inject(StudyStore);
  readonly #kept = signal<readonly JobLine[] | null>(null);
  readonly #failure = signal<ApiError | null>(null);
  #last: string | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isFetching = false;
  /** Events came while lines were fetched. */
  #isStale = false;
  #saidLastWord = false;
  #isGone = false;

  /** Null until they are known. */
  readonly lines = this.#kept.asReadonly();
  readonly problem = this.#failure.asReadonly();

  constructor() {
    effect(() => {
      this.#study.newest();
      untracked(() => this.#look(this.#kept() === null ? 0 : AFTER_EVENTS_MS));
    });
    inject(DestroyRef).onDestroy(() => {
      this.#isGone = true;
      if (this.#timer !== null) clearTimeout(this.#timer);
    });
  }

  retry(): void {
    this.#failure.set(null);
    this.#look(0);
  }

  /** Events that come meanwhile wait for the same look. */
  #look(afterMs: number): void {
    if (this.#isGone) return;
    if (this.#isFetching) this.#isStale = true;
    else this.#timer ??= setTimeout(() => void this.#fetch(), afterMs);
  }

  async #fetch(): Promise<void> {
    const wasEnded = this.#study.isEnded();
    this.#timer = null;
    this.#isFetching = true;
    this.#isStale = false;
    await this.#readOn();
    this.#isFetching = false;
    if (this.#isStale) return this.#look(AFTER_EVENTS_MS);
    if (!wasEnded || this.#saidLastWord) return;
    this.#saidLastWord = true;
    this.#look(AFTER_END_MS);
  }

  /** Every line after the last that is here. */
  async #readOn(): Promise<void> {
    const jobId = this.#study.jobId();
    try {
      for (let more = jobId !== null; more && !this.#isGone;) {
        const page = await this.#api.lines(jobId ?? '', {
          limit: PAGE,
          ...(this.#last && { after: this.#last }),
        });
        this.#last = page.next;
        this.#kept.update((lines) => [...(lines ?? []), ...page.lines].slice(-MOST_KEPT));
        more = page.more;
      }
      this.#failure.set(null);
    } catch (error) {
      this.#failure.set(toApiError(error));
    }
  }
}
