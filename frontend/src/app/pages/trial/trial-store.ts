/** The full metrics of one trial of the study that the page shows; fetched once they exist. */
import { computed, inject, Injectable, resource, signal } from '@angular/core';
import { ApiClient } from '../../api/api-client.ts';
import { toApiError } from '../../api/api-error.ts';
import { StudyStore } from '../../state/study-store.ts';

@Injectable()
export class TrialStore {
  readonly #api = inject(ApiClient);
  readonly #study = inject(StudyStore);
  readonly #wanted = signal<number | null>(null);

  /** Which tab of the dialog is open; the outlet keeps it in the address. */
  readonly tab = signal<string | undefined>(undefined);
  readonly number = this.#wanted.asReadonly();
  /** The row is new whenever something happened to the trial. */
  readonly trial = computed(() => {
    const number = this.#wanted();
    return number === null ? null : (this.#study.trials()[number] ?? null);
  });
  readonly #at = computed(() => {
    const [jobId, number] = [this.#study.jobId(), this.#wanted()];
    this.trial();
    const hasMetrics =
      number !== null &&
      (this.#study.state()?.trials[number]?.artifacts ?? []).some(({ kind }) => kind === 'metrics');
    return hasMetrics && jobId !== null && number !== null ? `${jobId} ${number}` : undefined;
  });
  readonly #loading = resource({
    params: () => this.#at(),
    loader: ({ params }) => {
      const [jobId = '', number] = params.split(' ');
      return this.#api.trialMetrics(jobId, Number(number));
    },
  });

  /** Null until they are there. */
  readonly metrics = computed(() => (this.#loading.hasValue() ? (this.#loading.value() ?? null) : null));
  readonly isLoading = computed(() => this.#loading.isLoading());
  readonly problem = computed(() => {
    const error = this.#loading.error();
    return error ? toApiError(error.cause ?? error) : null;
  });

  show(number: number): void {
    this.#wanted.set(number);
  }

  retry(): void {
    this.#loading.reload();
  }
}
