/**
 * The artifacts of one set of charts. Keys say target and run, so a set that is made again finds what is already
 * there and draws none of it twice. Reading and storing are tried again while the store cannot be reached.
 */
import { createHash } from 'node:crypto';
import type { ArtifactStore } from '@onegin/artifacts';
import { chartArtifactKind, type ChartFormat } from '@onegin/charts';
import { errorCodes, OneginError, plotKey, type ArtifactRef, type PlotJob } from '@onegin/contracts';
import type { Logger } from '@onegin/service-kit';
import pRetry from 'p-retry';
import type { DrawnChart } from './drawing-methods.ts';

const CONTENT_TYPES: Readonly<Record<ChartFormat, string>> = { svg: 'image/svg+xml', png: 'image/png' };
const FORMATS: readonly ChartFormat[] = ['svg', 'png'];
/** Between two tries: a second at first, doubled each time, half a minute at most. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

export interface PlotStoreSettings {
  readonly attempts: number;
  /** Between the first two tries; shorter in specs. */
  readonly firstWaitMs?: number;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

export class PlotStore {
  readonly #store: ArtifactStore;
  readonly #job: PlotJob;
  readonly #settings: PlotStoreSettings;

  constructor(store: ArtifactStore, job: PlotJob, settings: PlotStoreSettings) {
    this.#store = store;
    this.#job = job;
    this.#settings = settings;
  }

  /** @throws OneginError as the store does, after the last try */
  metrics(ref: ArtifactRef): Promise<Uint8Array> {
    return this.#trying(() => this.#store.get(ref));
  }

  /** Charts of which both files are there already, with their references. */
  async present(): Promise<Map<string, ArtifactRef[]>> {
    const keys = await this.#trying(async () => {
      const found = new Set<string>();
      for await (const { key } of this.#store.list(this.#key(''))) found.add(key);
      return found;
    });
    const charts = new Set(
      [...keys].map((key) => key.slice(key.lastIndexOf('/') + 1).replace(/\.[a-z]+$/, '')),
    );
    const present = new Map<string, ArtifactRef[]>();
    for (const chart of charts) {
      if (!FORMATS.every((format) => keys.has(this.#key(`${chart}.${format}`)))) continue;
      present.set(chart, await Promise.all(FORMATS.map((format) => this.#ref(chart, format))));
    }
    return present;
  }

  /** Stores both files of a chart. */
  put(chart: string, drawn: DrawnChart): Promise<ArtifactRef[]> {
    const put = (format: ChartFormat) => {
      const about = { kind: chartArtifactKind(chart, format), contentType: CONTENT_TYPES[format] };
      return this.#trying(() => this.#store.put(this.#key(`${chart}.${format}`), drawn[format], about));
    };
    return Promise.all(FORMATS.map(put));
  }

  #key(file: string): string {
    const { runName, target, run } = this.#job;
    return plotKey(runName, target, run, file);
  }

  async #ref(chart: string, format: ChartFormat): Promise<ArtifactRef> {
    const key = this.#key(`${chart}.${format}`);
    const bytes = await this.#trying(() => this.#store.read(key));
    return {
      kind: chartArtifactKind(chart, format),
      key,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      contentType: CONTENT_TYPES[format],
    };
  }

  #trying<T>(work: () => Promise<T>): Promise<T> {
    const { attempts, firstWaitMs = FIRST_WAIT_MS, signal, logger } = this.#settings;
    return pRetry(work, {
      retries: attempts - 1,
      minTimeout: firstWaitMs,
      maxTimeout: LONGEST_WAIT_MS,
      randomize: true,
      signal,
      shouldRetry: ({ error }) => error instanceof OneginError && errorCodes[error.code].retryable,
      onFailedAttempt: ({ error, retriesLeft }) => {
        if (retriesLeft > 0)
          logger.warn({ reason: error.message, retriesLeft }, 'the artifact store is tried again');
      },
    });
  }
}
