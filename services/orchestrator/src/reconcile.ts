/**
 * Periodic work of every replica: requests an advance of each open study, so that a lost notification only costs
 * time; archives what could not be archived when it ended; removes from Redis what was kept long enough.
 */
import { jobEnded, type JobStatus } from '@onegin/contracts';
import type { ArtifactStore } from '@onegin/artifacts';
import { requestAdvance, type Logger, type StudyLog, type TypedQueue } from '@onegin/service-kit';
import { archiveStudy } from './archive.ts';
import { jobPages } from './job-pages.ts';

export interface ReconcileParts {
  readonly log: StudyLog;
  readonly queue: TypedQueue<'studies'>;
  readonly store: ArtifactStore;
  readonly logger: Logger;
  readonly retentionMs: number;
}

export interface OpenJob {
  readonly jobId: string;
  readonly status: JobStatus;
}

export class Reconcile {
  readonly #parts: ReconcileParts;
  /** Ended studies never open again: they are not asked about twice. The value: when it was archived. */
  readonly #ended = new Map<string, number | null>();
  #open: readonly OpenJob[] = [];

  constructor(parts: ReconcileParts) {
    this.#parts = parts;
  }

  /** The open jobs that the last run found. */
  get open(): readonly OpenJob[] {
    return this.#open;
  }

  async run(): Promise<void> {
    const { log, queue } = this.#parts;
    const open: OpenJob[] = [];
    for await (const jobIds of jobPages(log)) {
      const unknown = jobIds.filter((jobId) => !this.#ended.has(jobId));
      const statuses = await log.jobStatuses(unknown);
      unknown.forEach((jobId, i) => {
        const status = statuses[i];
        if (status && jobEnded(status)) this.#ended.set(jobId, null);
        else if (status) open.push({ jobId, status });
      });
      for (const jobId of jobIds) if (this.#ended.has(jobId)) await this.#settle(jobId);
    }
    this.#open = open;
    await Promise.all(open.map(({ jobId }) => requestAdvance(queue, jobId)));
  }

  async #settle(jobId: string): Promise<void> {
    const { log, logger, retentionMs } = this.#parts;
    try {
      const archivedAt =
        this.#ended.get(jobId) ?? (await log.archivedAt(jobId)) ?? (await this.#archive(jobId));
      this.#ended.set(jobId, archivedAt);
      if (archivedAt === null || Date.now() - archivedAt < retentionMs) return;
      await log.remove(jobId);
      this.#ended.delete(jobId);
      logger.info({ jobId }, 'the study is kept in the archive only from now on');
    } catch (error) {
      logger.warn({ err: error, jobId }, 'the study could not be archived; it is tried again');
    }
  }

  async #archive(jobId: string): Promise<number | null> {
    const { log, store } = this.#parts;
    const state = await log.load(jobId);
    if (!state) return null;
    await archiveStudy(log, store, state);
    return Date.now();
  }
}
