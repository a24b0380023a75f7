/** All jobs, newest first, page by page: those in Redis and those that only the archive still knows. */
import type { Redis } from 'ioredis';
import { jobEnded, jobSummary, OneginError, type JobSummary } from '@onegin/contracts';
import { redisKeys } from '@onegin/service-kit';
import type { Archive } from './archive.ts';
import type { Studies } from './studies.ts';

export interface JobPage {
  readonly jobs: JobSummary[];
  /** Cursor of the next page; null on the last one. */
  readonly next: string | null;
}

/** A job's place in the list: by time, and by id where times are equal, as Redis sorts them. */
interface Place {
  readonly at: number;
  readonly jobId: string;
}

const SUMMARIES_KEPT = 2000;
const LOADS_AT_ONCE = 4;

export class JobList {
  private readonly redis: Redis;
  private readonly studies: Studies;
  private readonly archive: Archive;
  /** Of jobs that have ended: their summaries never change. */
  private readonly ended = new Map<string, JobSummary>();

  constructor(redis: Redis, studies: Studies, archive: Archive) {
    this.redis = redis;
    this.studies = studies;
    this.archive = archive;
  }

  /**
   * @param after cursor of an earlier page
   * @throws OneginError `request-invalid` when `after` is no cursor
   */
  async page(limit: number, after?: string): Promise<JobPage> {
    const start = after === undefined ? null : parseCursor(after);
    // One more than asked for tells whether there is a next page.
    const inRedis = await this.placesInRedis(limit + 1, start);
    const archived = await this.archivedPlaces(start);
    const places = merge(inRedis, archived).slice(0, limit + 1);
    const page = places.slice(0, limit);
    const jobs = await this.summaries(page.map(({ jobId }) => jobId));
    return { jobs, next: places.length > limit ? cursorOf(page.at(-1)!) : null };
  }

  /** Summaries in the order of the ids; a job that vanished meanwhile is left out. */
  async summaries(jobIds: readonly string[]): Promise<JobSummary[]> {
    const found: (JobSummary | null)[] = [];
    for (let i = 0; i < jobIds.length; i += LOADS_AT_ONCE)
      found.push(...(await Promise.all(jobIds.slice(i, i + LOADS_AT_ONCE).map((id) => this.summary(id)))));
    return found.filter((summary) => summary !== null);
  }

  private async summary(jobId: string): Promise<JobSummary | null> {
    const known = this.ended.get(jobId) ?? this.archive.listed(jobId)?.summary;
    if (known) return known;
    try {
      const summary = jobSummary(await this.studies.state(jobId));
      if (jobEnded(summary.status)) this.keep(summary);
      return summary;
    } catch (error) {
      if (error instanceof OneginError && error.code === 'job-unknown') return null;
      throw error;
    }
  }

  private keep(summary: JobSummary): void {
    const oldest = this.ended.keys().next();
    if (this.ended.size >= SUMMARIES_KEPT && !oldest.done) this.ended.delete(oldest.value);
    this.ended.set(summary.jobId, summary);
  }

  private async placesInRedis(count: number, after: Place | null): Promise<Place[]> {
    const places: Place[] = [];
    // Jobs of the same millisecond as the cursor may come first and are skipped, so a read may bring too few.
    for (let offset = 0; places.length < count; offset += count) {
      const ids = await this.redis.zrevrangebyscore(
        redisKeys.jobs,
        after?.at ?? '+inf',
        '-inf',
        'LIMIT',
        offset,
        count,
      );
      const scores = await Promise.all(ids.map((id) => this.redis.zscore(redisKeys.jobs, id)));
      ids.forEach((jobId, i) => {
        const place = { jobId, at: Number(scores[i] ?? 0) };
        if (!after || compare(after, place) < 0) places.push(place);
      });
      if (ids.length < count) break;
    }
    return places.slice(0, count);
  }

  private async archivedPlaces(after: Place | null): Promise<Place[]> {
    const places = (await this.archive.list()).map(({ jobId, createdAt }) => ({ jobId, at: createdAt }));
    return after ? places.filter((place) => compare(after, place) < 0) : places;
  }
}

/** Negative when `a` stands before `b`: it is newer. */
const compare = (a: Place, b: Place): number =>
  b.at - a.at || (a.jobId < b.jobId ? 1 : a.jobId > b.jobId ? -1 : 0);

/** Both lists as one, a job that stands in both once. */
function merge(inRedis: readonly Place[], archived: readonly Place[]): Place[] {
  const known = new Set(inRedis.map(({ jobId }) => jobId));
  return [...inRedis, ...archived.filter(({ jobId }) => !known.has(jobId))].sort(compare);
}

const cursorOf = ({ at, jobId }: Place): string => `${at}_${jobId}`;

function parseCursor(text: string): Place {
  const [, at, jobId] = /^(\d{1,16})_([a-z0-9-]+)$/.exec(text) ?? [];
  if (jobId !== undefined) return { at: Number(at), jobId };
  const problem = { field: 'after', expected: 'expected the `next` of an earlier page', found: text };
  throw new OneginError(
    'request-invalid',
    `the query is not valid: after: ${problem.expected}, found ${text}`,
    {
      problems: [problem],
    },
  );
}
