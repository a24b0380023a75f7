/**
 * The gateway's HTTP API as typed calls. What the gateway takes from other processes is parsed with the contracts'
 * schemas; what it derives itself has the contracts' types.
 *
 * Every call rejects with an ApiError.
 */
import { HttpClient, type HttpParams } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import {
  unpackState,
  type DatasetListing,
  type OptimizationRequestInput,
  type PackedState,
  type Site,
  type StudyState,
  type TrialMetrics,
} from '@onegin/contracts';
import { firstValueFrom, type Observable } from 'rxjs';
import type * as z from 'zod';
import { retryImport } from '../parts/lazy/retry-import.ts';
import { toApiError } from './api-error.ts';
import { takeState } from './early-state.ts';
import type * as contractSchemas from './schemas.ts';
import type {
  Accepted,
  Findings,
  Importance,
  JobsPage,
  LinesPage,
  NamedText,
  ObjectiveTexts,
} from './answers.ts';

type Query = Record<string, string | number | boolean>;

type ImportanceQuery = {
  method?: 'ped-anova' | 'fanova';
  /** What fANOVA counts as the space: values as they are, or as they are searched. */
  scale?: 'linear' | 'searched';
  objective?: number | 'front';
};

@Injectable({ providedIn: 'root' })
export class ApiClient {
  readonly #http = inject(HttpClient);

  jobs({ limit, after }: { limit?: number; after?: string } = {}): Promise<JobsPage> {
    return this.get('jobs', { ...(limit && { limit }), ...(after && { after }) });
  }

  optimize(request: OptimizationRequestInput, idempotencyKey: string): Promise<Accepted> {
    return this.#send(
      this.#http.post<Accepted>('api/optimize', request, { headers: { 'idempotency-key': idempotencyKey } }),
    );
  }

  async cancel(jobId: string): Promise<void> {
    await this.#send(this.#http.post(`api/jobs/${encodeURIComponent(jobId)}/cancel`, {}));
  }

  /** The whole study, as it is now. */
  async state(jobId: string): Promise<StudyState> {
    const packed =
      (await takeState(jobId)) ?? (await this.get<PackedState>(`jobs/${encodeURIComponent(jobId)}/state`));
    return unpackState(packed, nextTask);
  }

  importance(jobId: string, query: ImportanceQuery = {}): Promise<Importance> {
    return this.get(`jobs/${encodeURIComponent(jobId)}/importance`, query);
  }

  /** What the study found out about each parameter. */
  findings(jobId: string): Promise<Findings> {
    return this.get(`jobs/${encodeURIComponent(jobId)}/findings`);
  }

  async trialMetrics(jobId: string, trial: number): Promise<TrialMetrics> {
    const metrics = this.get(`jobs/${encodeURIComponent(jobId)}/trials/${trial}/metrics`);
    return parsed(({ trialMetricsSchema }) => trialMetricsSchema, metrics);
  }

  /** The log lines of all services about a job, oldest first, a page of them. */
  async lines(jobId: string, query: { limit: number; after?: string }): Promise<LinesPage> {
    const page = await this.get<LinesPage>(`jobs/${encodeURIComponent(jobId)}/logs`, query);
    return { ...page, lines: await parsed(({ jobLineSchema }) => jobLineSchema.array(), page.lines) };
  }

  async datasets(): Promise<DatasetListing[]> {
    const { datasets } = await this.get<{ datasets: unknown[] }>('datasets');
    return parsed(({ datasetListingSchema }) => datasetListingSchema.array(), datasets);
  }

  objective(): Promise<ObjectiveTexts> {
    return this.get('objective');
  }

  /** The gateway's own settings, which it has parsed. */
  site(): Promise<Site> {
    return this.get('site');
  }

  async samplers(): Promise<NamedText[]> {
    return (await this.get<{ samplers: NamedText[] }>('samplers')).samplers;
  }

  async pruners(): Promise<NamedText[]> {
    return (await this.get<{ pruners: NamedText[] }>('pruners')).pruners;
  }

  /** One JSON answer under `/api`. */
  get<Answer>(path: string, query: Query | HttpParams = {}): Promise<Answer> {
    return this.#send(this.#http.get<Answer>(`api/${path}`, { params: query }));
  }

  /** A file under `/api`, with its type. */
  file(path: string): Promise<Blob> {
    return this.#send(this.#http.get(`api/${path}`, { responseType: 'blob' }));
  }

  async #send<Answer>(call: Observable<Answer>): Promise<Answer> {
    try {
      return await firstValueFrom(call);
    } catch (error) {
      throw toApiError(error);
    }
  }
}

/** Fetched with the first answer that is parsed: they are large, and the first page does without. */
const schemas = () => retryImport(() => import('./schemas.ts'));

/** The answer as its schema has it; the error of one that does not fit names every wrong field. */
async function parsed<S extends z.ZodType>(
  pick: (all: typeof contractSchemas) => S,
  answer: unknown,
): Promise<z.output<S>> {
  const all = await schemas();
  return all.parseOrThrow(pick(all), await answer, 'the answer', 'internal');
}

/** The page answers in between. A timer would wait four milliseconds, each time. */
const nextTask = (): Promise<unknown> => {
  const { scheduler } = globalThis as { scheduler?: { yield?: () => Promise<void> } };
  return scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve, 0));
};
