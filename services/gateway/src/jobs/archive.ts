/**
 * Studies that have left Redis: the artifact store keeps their last state and their log.
 *
 * Each archived study has a small index file named by its job; what is listed is read once and kept, as an archive
 * never changes.
 */
import { z } from 'zod';
import { archiveIndexKey, archiveKey, jobIdSchema, OneginError, type StudyState } from '@onegin/contracts';
import type { ArtifactStore } from '@onegin/artifacts';

/** What the index says of a study; more may stand there. */
const indexEntrySchema = z.looseObject({ jobId: jobIdSchema, runName: z.string(), createdAt: z.number() });
export type ArchiveEntry = Pick<z.infer<typeof indexEntrySchema>, 'jobId' | 'runName' | 'createdAt'>;

const INDEX_PREFIX = archiveIndexKey('').replace(/\.json$/, '');
/** A listing is used for so long before the store is asked again. */
const LISTING_MS = 10_000;
const READS_AT_ONCE = 8;

export class Archive {
  private readonly store: ArtifactStore;
  private readonly entries = new Map<string, ArchiveEntry>();
  private listed = { at: 0, running: null as Promise<void> | null };

  constructor(store: ArtifactStore) {
    this.store = store;
  }

  /** The last state of an archived study; null when there is none of this job. */
  async state(jobId: string): Promise<StudyState | null> {
    const entry = await this.entry(jobId);
    if (!entry) return null;
    // Written by this program from the same type; a damaged file fails here, and says so.
    return this.parsed(await this.store.read(archiveKey(entry.runName, 'study.json')), entry) as StudyState;
  }

  /** The study's log as NDJSON; null when it is not archived. */
  async log(jobId: string): Promise<Buffer | null> {
    const entry = await this.entry(jobId);
    return entry && this.store.read(archiveKey(entry.runName, 'log.ndjson'));
  }

  /** All archived studies, newest first. */
  async list(): Promise<ArchiveEntry[]> {
    if (Date.now() - this.listed.at > LISTING_MS) {
      this.listed.running ??= this.readIndex().finally(() => (this.listed.running = null));
      await this.listed.running;
    }
    return [...this.entries.values()].sort((a, b) => b.createdAt - a.createdAt);
  }

  private async readIndex(): Promise<void> {
    const unread: string[] = [];
    for await (const { key } of this.store.list(INDEX_PREFIX)) {
      const jobId = key.slice(INDEX_PREFIX.length).replace(/\.json$/, '');
      if (!this.entries.has(jobId) && jobIdSchema.safeParse(jobId).success) unread.push(jobId);
    }
    for (let i = 0; i < unread.length; i += READS_AT_ONCE)
      await Promise.all(unread.slice(i, i + READS_AT_ONCE).map((jobId) => this.entry(jobId)));
    this.listed.at = Date.now();
  }

  private async entry(jobId: string): Promise<ArchiveEntry | null> {
    const known = this.entries.get(jobId);
    if (known) return known;
    try {
      const file: unknown = JSON.parse((await this.store.read(archiveIndexKey(jobId))).toString());
      const { runName, createdAt } = indexEntrySchema.parse(file);
      const entry = { jobId, runName, createdAt };
      this.entries.set(jobId, entry);
      return entry;
    } catch (error) {
      if (error instanceof OneginError && error.code === 'artifact-missing') return null;
      throw error;
    }
  }

  private parsed(file: Buffer, { jobId, runName }: ArchiveEntry): unknown {
    try {
      return JSON.parse(file.toString());
    } catch (cause) {
      throw new OneginError(
        'artifact-corrupt',
        `the archived state of job ${jobId} (${runName}) is not JSON`,
        {
          cause,
        },
      );
    }
  }
}
