/** All jobs, newest first, page by page: those in Redis, and those only in the archive. */
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { jobEnded, jobSummary, OneginError, type JobSummary } from '@onegin/contracts';
import { redisKeys } from '@onegin/service-kit';
import type { Archive } from './archive.ts';
import type { Studies } from './studies.ts';

export interface JobPage {
  readonly jobs: JobSummary[];
  /** Cursor of the next page; null on the last one. */
  readonly next: string | null;
}

/** A job's place in the list: by time, then by id, as Redis sorts them. */
interface Place {
  readonly at: number;
  readonly jobId: string;
}

const SUMMARIES_KEPT = 2000;
const LOADS_AT_ONCE = 4;

export class JobList {
  readonly #redis: Redis;
  readonly #studies: Studies;
  readonly #archive: Archive;
  /** Summaries of ended jobs, which never change. */
  readonly #ended = new Map<string, JobSummary>();

  constructor(redis: Redis, studies: Studies, archive: Archive) {
    this.#redis = redis;
    this.#studies = studies;
    this.#archive = archive;
  }

  /** @param after cursor of an earlier page */
  async page(limit: number, after: Place | null = null): Promise<JobPage> {
    // One more than requested tells whether there is a next page.
    const inRedis = await this.#placesInRedis(limit + 1, after);
    const archived = await this.#archivedPlaces(after);
    const places = merge(inRedis, archived).slice(0, limit + 1);
    const page = places.slice(0, limit);
    const jobs = await this.summaries(page.map(({ jobId }) => jobId));
    return { jobs, next: places.length > limit ? cursorOf(page.at(-1)!) : null };
  }

  /** Summaries in the order of the ids; jobs that were removed in the meantime are left out. */
  async summaries(jobIds: readonly string[]): Promise<JobSummary[]> {
    const found: (JobSummary | null)[] = [];
    for (let i = 0; i < jobIds.length; i += LOADS_AT_ONCE)
      found.push(...(await Promise.all(jobIds.slice(i, i + LOADS_AT_ONCE).map((id) => this.#summary(id)))));
    return found.filter((summary) => summary !== null);
  }

  async #summary(jobId: string): Promise<JobSummary | null> {
    const known = this.#ended.get(jobId) ?? this.#archive.listed(jobId)?.summary;
    if (known) return known;
    try {
      const summary = jobSummary(await this.#studies.state(jobId));
      if (jobEnded(summary.status)) this.#keep(summary);
      return summary;
    } catch (error) {
      if (error instanceof OneginError && error.code === 'job-unknown') return null;
      throw error;
    }
  }

  #keep(summary: JobSummary): void {
    const oldest = this.#ended.keys().next();
    if (this.#ended.size >= SUMMARIES_KEPT && !oldest.done) this.#ended.delete(oldest.value);
    this.#ended.set(summary.jobId, summary);
  }

  async #placesInRedis(count: number, after: Place | null): Promise<Place[]> {
    const places: Place[] = [];
    // Jobs of the cursor's millisecond may come before it and are skipped, so one read may not be enough.
    for (let offset = 0; places.length < count; offset += count) {
      const ids = await this.#redis.zrevrangebyscore(
        redisKeys.jobs,
        after?.at ?? '+inf',
        '-inf',
        'LIMIT',
        offset,
        count,
      );
      const scores = await Promise.all(ids.map((id) => this.#redis.zscore(redisKeys.jobs, id)));
      ids.forEach((jobId, i) => {
        const place = { jobId, at: Number(scores[i] ?? 0) };
        if (!after || compare(after, place) < 0) places.push(place);
      });
      if (ids.length < count) break;
    }
    return places.slice(0, count);
  }

  async #archivedPlaces(after: Place | null): Promise<Place[]> {
    const places = (await this.#archive.list()).map(({ jobId, createdAt }) => ({ jobId, at: createdAt }));
    return after ? places.filter((place) => compare(after, place) < 0) : places;
  }
}

/** Negative when `a` comes before `b`: it is newer. */
const compare = (a: Place, b: Place): number =>
  b.at - a.at || (a.jobId < b.jobId ? 1 : a.jobId > b.jobId ? -1 : 0);

/** Both lists as one, without duplicates. */
function merge(inRedis: readonly Place[], archived: readonly Place[]): Place[] {
  const known = new Set(inRedis.map(({ jobId }) => jobId));
  return [...inRedis, ...archived.filter(({ jobId }) => !known.has(jobId))].sort(compare);
}

const cursorOf = ({ at, jobId }: Place): string => `${at}_${jobId}`;

/** A cursor as callers send it back. */
export const cursorSchema = z
  .string()
  .regex(/^\d{1,16}_[a-z0-9-]{1,80}$/, 'expected the `next` of an earlier page')
  .transform((text): Place => {
    const [at, jobId] = text.split('_') as [string, string];
    return { at: Number(at), jobId };
  });
