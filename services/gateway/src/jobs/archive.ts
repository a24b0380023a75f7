/**
 * Archived studies: when they leave Redis, the artifact store keeps their last state and their log.
 *
 * Each has a small index file named after its job, written last. Index files are read once and kept in memory, as an
 * archived study never changes until it is removed.
 */
import {
  archiveEntrySchema,
  archiveIndexKey,
  jobIdSchema,
  OneginError,
  type ArtifactRef,
  type JobSummary,
  type StudyState,
} from '@onegin/contracts';
import type { ArtifactStore } from '@onegin/artifacts';

export interface ArchiveEntry {
  readonly jobId: string;
  readonly createdAt: number;
  readonly summary: JobSummary;
  readonly files: { readonly study: ArtifactRef; readonly log: ArtifactRef };
}

const INDEX_PREFIX = archiveIndexKey('').replace(/\.json$/, '');
/** How long a listing is reused. */
const LISTING_MS = 10_000;
const READS_AT_ONCE = 8;

export class Archive {
  readonly #store: ArtifactStore;
  readonly #entries = new Map<string, ArchiveEntry>();
  #listing = { at: 0, running: null as Promise<void> | null };

  constructor(store: ArtifactStore) {
    this.#store = store;
  }

  /** The last state of a study; null: it is not archived. */
  async state(jobId: string): Promise<StudyState | null> {
    const entry = await this.#entry(jobId);
    if (!entry) return null;
    // The checksum was verified, so it has the type that was written.
    return JSON.parse((await this.#store.get(entry.files.study)).toString()) as StudyState;
  }

  /** The study's log as NDJSON; null: it is not archived. */
  async log(jobId: string): Promise<Buffer | null> {
    const entry = await this.#entry(jobId);
    return entry && this.#store.get(entry.files.log);
  }

  /** All archived studies, newest first. */
  async list(): Promise<ArchiveEntry[]> {
    if (Date.now() - this.#listing.at > LISTING_MS) {
      this.#listing.running ??= this.#readIndex().finally(() => (this.#listing.running = null));
      await this.#listing.running;
    }
    return [...this.#entries.values()].sort((a, b) => b.createdAt - a.createdAt);
  }

  /** A job's entry in the last listing. */
  listed(jobId: string): ArchiveEntry | undefined {
    return this.#entries.get(jobId);
  }

  /** Drops a job that was removed for good. */
  forget(jobId: string): void {
    this.#entries.delete(jobId);
  }

  async #readIndex(): Promise<void> {
    const unread: string[] = [];
    const present = new Set<string>();
    for await (const { key } of this.#store.list(INDEX_PREFIX)) {
      const jobId = key.slice(INDEX_PREFIX.length).replace(/\.json$/, '');
      present.add(jobId);
      if (!this.#entries.has(jobId) && jobIdSchema.safeParse(jobId).success) unread.push(jobId);
    }
    for (let i = 0; i < unread.length; i += READS_AT_ONCE)
      await Promise.all(unread.slice(i, i + READS_AT_ONCE).map((jobId) => this.#entryOrNone(jobId)));
    // The others were removed for good, by another gateway or the orchestrator.
    for (const jobId of this.#entries.keys()) if (!present.has(jobId)) this.#entries.delete(jobId);
    this.#listing.at = Date.now();
  }

  /** One damaged entry must not hide the others. */
  #entryOrNone(jobId: string): Promise<ArchiveEntry | null> {
    return this.#entry(jobId).catch((error: unknown) => {
      if (error instanceof OneginError && error.code === 'artifact-corrupt') return null;
      throw error;
    });
  }

  async #entry(jobId: string): Promise<ArchiveEntry | null> {
    const known = this.#entries.get(jobId);
    if (known) return known;
    try {
      const entry = parseEntry(jobId, await this.#store.read(archiveIndexKey(jobId)));
      this.#entries.set(jobId, entry);
      return entry;
    } catch (error) {
      if (error instanceof OneginError && error.code === 'artifact-missing') return null;
      throw error;
    }
  }
}

/** @throws OneginError `artifact-corrupt` */
function parseEntry(jobId: string, file: Buffer): ArchiveEntry {
  try {
    const { files, ...summary } = archiveEntrySchema.parse(JSON.parse(file.toString()));
    return { jobId, createdAt: summary.createdAt, summary: summary as unknown as JobSummary, files };
  } catch (cause) {
    throw new OneginError('artifact-corrupt', `the archive's entry of job ${jobId} cannot be read`, {
      cause,
    });
  }
}
