/** What the newest studies that are large enough found out, read once when the page opens. */
import { inject, Injectable, signal } from '@angular/core';
import type { JobSummary } from '@onegin/contracts';
import { ApiClient } from '../../api/api-client.ts';
import type { Finding } from '../../api/answers.ts';
import { toApiError, type ApiError } from '../../api/api-error.ts';

/** Fewer completed trials tell nothing; the gateway says so too. */
export const LEAST_TRIALS = 10;
const MOST_STUDIES = 8;
const LOOKED_AT = 200;

export interface StudiedJob {
  readonly jobId: string;
  readonly name: string;
  readonly dataset: string;
  readonly trials: number;
  readonly findings: ReadonlyMap<string, Finding>;
}

@Injectable()
export class StudiedJobs {
  readonly #api = inject(ApiClient);
  readonly #found = signal<readonly StudiedJob[]>([]);
  readonly #failure = signal<ApiError | null>(null);
  readonly #busy = signal(false);

  readonly studies = this.#found.asReadonly();
  readonly problem = this.#failure.asReadonly();
  readonly isLoading = this.#busy.asReadonly();

  async load(): Promise<void> {
    this.#busy.set(true);
    this.#failure.set(null);
    this.#found.set([]);
    try {
      const { jobs } = await this.#api.jobs({ limit: LOOKED_AT });
      const enough = jobs.filter(({ progress }) => progress.completedTrials >= LEAST_TRIALS);
      // One after another: each grows a forest in the gateway.
      for (const job of enough.slice(0, MOST_STUDIES)) await this.#read(job);
    } catch (error) {
      this.#failure.set(toApiError(error));
    } finally {
      this.#busy.set(false);
    }
  }

  async #read({ jobId, name, runName, dataset }: JobSummary): Promise<void> {
    const answer = await this.#api.findings(jobId);
    if (!answer.available) return;
    const findings = new Map(answer.findings.map((finding) => [finding.param, finding]));
    this.#found.update((known) => [
      ...known,
      { jobId, name: name ?? runName, dataset, trials: answer.trials, findings },
    ]);
  }
}
