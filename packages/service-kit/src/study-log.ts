/**
 * The study log: one Redis Stream per study, in which every event is checked by the transition table in the same
 * step that appends it. What is refused was never written; what is written never changes.
 *
 * A connection that breaks in the middle of an append sends it again and gets the first answer: an append counts
 * once. All methods throw OneginError (`redis-unavailable`, `redis-full`); a patient log waits with its appends
 * instead, as its connection does, until Redis takes them.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import {
  eventSince,
  messageOf,
  OneginError,
  parseOrThrow,
  reduceStudy,
  studyEventSchemas,
  trainingStatuses,
  transitionOf,
  type JobStatus,
  type NewStudyEvent,
  type Refusal,
  type StudyEvent,
  type StudyEventType,
  type StudyState,
  type TrainingStatus,
  WIRE_VERSION,
} from '@onegin/contracts';
import { eventOf, eventPayload, lineOf, type LogEntry } from './log-format.ts';
import { redisErrorCode, withServiceErrors } from './service-error.ts';
import { StudySnapshots } from './study-snapshots.ts';
import { redisChannels, redisKeys } from './redis-keys.ts';

const script = readFileSync(new URL('./study-log.lua', import.meta.url), 'utf8');

const PAGE = 1000;
/** Between two tries to write to a Redis that is full. */
const FULL_WAIT_MS = { first: 250, longest: 5000 };

interface LogCommands {
  oneginAppend(log: string, records: string, ...args: (string | Buffer)[]): Promise<string[]>;
}

export interface AppendResult {
  /** Sequence number of the log's last event. */
  readonly seq: number;
  /** Per event given: null when it was appended, else why it was refused. */
  readonly refusals: readonly (Refusal | null)[];
  /** The events appended, in order. */
  readonly events: readonly StudyEvent[];
  /** A decision was made after the state that this one saw; nothing was appended. */
  readonly superseded: boolean;
}

/** What the log remembers of a training or a set of charts, and of its job. */
export interface SubjectRecords {
  readonly job: JobStatus | null;
  readonly cancelRequested: boolean;
  /** The empty string: no record yet. */
  readonly status: string;
  /** The last attempt of a training, the run of charts. */
  readonly counter: number;
  readonly epoch: number;
}

/** Is told of every append of this process. */
export interface AppendObserver {
  appended(result: AppendResult, seconds: number): void;
  failed(seconds: number): void;
}

/** How a patient log waits while Redis refuses to write. */
export interface WhileFull {
  /** Called before every further try, with what Redis said. */
  readonly onWait: (reason: string) => void;
  /** Ends the waiting: the append then fails. */
  readonly signal: AbortSignal;
}

/** Which version all services that run can read; see `Fleet`. */
export interface FleetVersion {
  readonly version: number;
}

export interface StudyLogOptions {
  /** Absent: every reader of the log is of this version. */
  readonly fleet?: FleetVersion;
  /** Absent: an append to a Redis that is full fails. */
  readonly whileFull?: WhileFull;
  readonly observer?: AppendObserver;
}

export class StudyLog {
  readonly #redis: Redis & LogCommands;
  readonly #snapshots: StudySnapshots;
  readonly #observer: AppendObserver | undefined;
  readonly #writer = randomUUID();
  readonly #last = new Map<string, Promise<unknown>>();
  readonly #whileFull: WhileFull | null;
  readonly #fleet: FleetVersion;
  #appends = 0;

  constructor(redis: Redis, { whileFull, observer, fleet }: StudyLogOptions = {}) {
    this.#whileFull = whileFull ?? null;
    this.#observer = observer;
    this.#fleet = fleet ?? { version: WIRE_VERSION };
    redis.defineCommand('oneginAppend', { numberOfKeys: 2, lua: script });
    this.#redis = redis as Redis & LogCommands;
    this.#snapshots = new StudySnapshots(redis);
  }

  /**
   * Appends the events in order, each if its transition is allowed.
   * @param decidedFrom sequence number of the state that the events were decided from: when another such
   * append came since, nothing is appended and `superseded` is true.
   * @throws OneginError `internal` when an event does not fit its schema: the caller's mistake.
   */
  append(
    jobId: string,
    events: readonly NewStudyEvent[],
    { decidedFrom }: { decidedFrom?: number } = {},
  ): Promise<AppendResult> {
    const payloads = events.map((event) => {
      const { type, ...payload } = event;
      return { type, ...parseOrThrow(studyEventSchemas[type], payload, type, 'internal') } as NewStudyEvent;
    });
    // One at a time per study: an append sent again must still be the writer's last.
    const before = this.#last.get(jobId) ?? Promise.resolve();
    const work = before.then(() => this.#observed(jobId, payloads, decidedFrom));
    const settled = work.catch(() => undefined);
    this.#last.set(jobId, settled);
    void settled.then(() => {
      if (this.#last.get(jobId) === settled) this.#last.delete(jobId);
    });
    return work;
  }

  async #observed(
    jobId: string,
    events: readonly NewStudyEvent[],
    decidedFrom: number | undefined,
  ): Promise<AppendResult> {
    const startedAt = performance.now();
    const seconds = () => (performance.now() - startedAt) / 1000;
    try {
      const append = () => this.#append(jobId, events, decidedFrom);
      const result = await withServiceErrors(() => this.#whenRoom(append));
      this.#observer?.appended(result, seconds());
      return result;
    } catch (error) {
      this.#observer?.failed(seconds());
      throw error;
    }
  }

  /** A write that Redis refuses for lack of memory or disk has changed nothing: it can be made again. */
  async #whenRoom<T>(write: () => Promise<T>): Promise<T> {
    for (let wait = FULL_WAIT_MS.first; ; wait = Math.min(wait * 2, FULL_WAIT_MS.longest)) {
      try {
        return await write();
      } catch (error) {
        if (!this.#whileFull || redisErrorCode(error) !== 'redis-full') throw error;
        const { onWait, signal } = this.#whileFull;
        if (signal.aborted) throw error;
        onWait(messageOf(error));
        await delay(wait, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Whether every service that runs can read events of the type; what they can't read is refused. */
  canWrite(type: StudyEventType): boolean {
    return (eventSince[type] ?? 0) <= this.#fleet.version;
  }

  async #append(
    jobId: string,
    given: readonly NewStudyEvent[],
    decidedFrom: number | undefined,
  ): Promise<AppendResult> {
    const events = given.filter(({ type }) => this.canWrite(type));
    const [seqText, atText, superseded, ...codes] = await this.#redis.oneginAppend(
      redisKeys.log(jobId),
      redisKeys.trials(jobId),
      redisChannels.changed(jobId),
      this.#writer,
      String(++this.#appends),
      decidedFrom === undefined ? '' : String(decidedFrom),
      ...events.flatMap((event) => [eventPayload(event), JSON.stringify(transitionOf(event))]),
    );
    const seq = Number(seqText);
    const at = Number(atText);
    if (superseded === '1') return { seq, refusals: [], events: [], superseded: true };
    const answers = codes.map((code) => (code === '' ? null : (code as Refusal)));
    const refusals = given.map(({ type }) => (this.canWrite(type) ? answers.shift()! : 'fleet-version'));
    const accepted = given.filter((_, i) => refusals[i] === null);
    await this.#list(jobId, given, refusals, at);
    return {
      seq,
      refusals,
      events: accepted.map((event, i) => ({ ...event, seq: seq - accepted.length + 1 + i, at })),
      superseded: false,
    };
  }

  /** The list of jobs lies on another node of a cluster, so it is not part of the script; adding twice is safe. */
  async #list(
    jobId: string,
    events: readonly NewStudyEvent[],
    refusals: readonly (Refusal | null)[],
    at: number,
  ): Promise<void> {
    const requested = events.findIndex(({ type }) => type === 'JobRequested');
    if (requested >= 0 && (refusals[requested] === null || refusals[requested] === 'job-exists'))
      await this.#redis.zadd(redisKeys.jobs, 'NX', at, jobId);
  }

  /**
   * Events after a sequence number, oldest first, at most `count`; as far as this version knows them.
   * @throws OneginError `newer-version` when the first of them is one that it doesn't know
   */
  async read(jobId: string, afterSeq: number, count = PAGE): Promise<StudyEvent[]> {
    const { events, unknown } = await this.#page(jobId, afterSeq, count);
    if (unknown && events.length === 0) throw unknown;
    return events;
  }

  async #page(
    jobId: string,
    afterSeq: number,
    count: number,
  ): Promise<{ events: StudyEvent[]; unknown: OneginError | null }> {
    const events: StudyEvent[] = [];
    for (const entry of await this.#entries(jobId, afterSeq, count)) {
      try {
        events.push(eventOf(entry));
      } catch (error) {
        if (error instanceof OneginError && error.code === 'newer-version') return { events, unknown: error };
        throw error;
      }
    }
    return { events, unknown: null };
  }

  #entries(jobId: string, afterSeq: number, count: number): Promise<LogEntry[]> {
    return withServiceErrors(() =>
      this.#redis.xrangeBuffer(redisKeys.log(jobId), `${afterSeq + 1}-0`, '+', 'COUNT', count),
    );
  }

  /** The log as NDJSON, page by page, so that a long one is never held whole. */
  async *lines(jobId: string, afterSeq = 0): AsyncGenerator<string> {
    for (let seq = afterSeq; ;) {
      const entries = await this.#entries(jobId, seq, PAGE);
      if (entries.length > 0) yield entries.map(lineOf).join('');
      if (entries.length < PAGE) return;
      seq += entries.length;
    }
  }

  /** Sequence number of the log's last event; 0: there is no such job. */
  lastSeq(jobId: string): Promise<number> {
    return withServiceErrors(async () =>
      Number((await this.#redis.hget(redisKeys.trials(jobId), 'seq')) ?? 0),
    );
  }

  /**
   * The state now, from the snapshot and the tail; null: there is no such job.
   * @throws OneginError `newer-version` when its log has events that this version doesn't know
   */
  async load(jobId: string): Promise<StudyState | null> {
    const last = await this.lastSeq(jobId);
    return this.#fold(jobId, await withServiceErrors(() => this.#snapshots.read(jobId, last)));
  }

  /**
   * Folds what came since into the state, in place, and returns it. Where the log ends before the state (Redis
   * lost its last writes) the state is reloaded; null: the job is gone.
   */
  async follow(jobId: string, state: StudyState): Promise<StudyState | null> {
    if ((await this.lastSeq(jobId)) < state.seq) return this.load(jobId);
    return this.#fold(jobId, state);
  }

  async #fold(jobId: string, from: StudyState | null): Promise<StudyState | null> {
    let state = from;
    for (;;) {
      const { events, unknown } = await this.#page(jobId, state?.seq ?? 0, PAGE);
      for (const event of events) {
        if (event.seq > (state?.seq ?? 0) + 1)
          throw new OneginError(
            'internal',
            `the log of ${jobId} has a gap: expected event ${(state?.seq ?? 0) + 1}, found ${event.seq}`,
          );
        state = reduceStudy(state, event);
      }
      if (unknown) throw unknown;
      if (events.length < PAGE) return state;
    }
  }

  /** Keeps the state, so that the next load reads only what comes after it. */
  writeSnapshot(state: StudyState): Promise<void> {
    return withServiceErrors(() => this.#snapshots.write(state));
  }

  /** What a trainer or plotter asks before it starts. @param subject `trial:3`, `final`, `plots:study` */
  records(jobId: string, subject: string): Promise<SubjectRecords> {
    return withServiceErrors(async () => {
      const [job, cancel, record] = await this.#redis.hmget(
        redisKeys.trials(jobId),
        'job',
        'cancel',
        subject,
      );
      const [status, counter, epoch] = record?.split(':') ?? ['', '0', '0'];
      return {
        job: (job ?? null) as JobStatus | null,
        cancelRequested: cancel === '1',
        status: status!,
        counter: Number(counter),
        epoch: Number(epoch),
      };
    });
  }

  /** Trials of the jobs by status, counted where the log is written, so that nobody has to fold it for that. */
  trialCounts(jobIds: readonly string[]): Promise<Record<TrainingStatus, number>> {
    return withServiceErrors(async () => {
      const fields = trainingStatuses.map((status) => `in:${status}`);
      const rows = await Promise.all(
        jobIds.map((jobId) => this.#redis.hmget(redisKeys.trials(jobId), ...fields)),
      );
      const sums = trainingStatuses.map((status, i) => {
        const count = rows.reduce((sum, row) => sum + Number(row[i] ?? 0), 0);
        return [status, count] as const;
      });
      return Object.fromEntries(sums) as Record<TrainingStatus, number>;
    });
  }

  /** The statuses of many jobs; null where there is no such job. */
  jobStatuses(jobIds: readonly string[]): Promise<(JobStatus | null)[]> {
    return withServiceErrors(() =>
      Promise.all(
        jobIds.map(async (id) => (await this.#redis.hget(redisKeys.trials(id), 'job')) as JobStatus | null),
      ),
    );
  }

  /**
   * Jobs by the time they were requested, newest first.
   * @param before a job id: only jobs older than this one
   * @throws OneginError `job-unknown` when there is no job `before`
   */
  jobs(limit: number, before?: string): Promise<{ jobId: string; at: number }[]> {
    return withServiceErrors(async () => {
      const rank = before === undefined ? -1 : await this.#redis.zrevrank(redisKeys.jobs, before);
      if (rank === null) throw new OneginError('job-unknown', `there is no job ${before}`);
      // Ids first, then their scores: the reply that has both differs between versions of Redis's protocol.
      const ids = await this.#redis.zrevrange(redisKeys.jobs, rank + 1, rank + limit);
      const scores = await Promise.all(ids.map((id) => this.#redis.zscore(redisKeys.jobs, id)));
      return ids.map((jobId, i) => ({ jobId, at: Number(scores[i] ?? 0) }));
    });
  }

  /** Notes that an ended study lies in the artifact store. */
  markArchived(jobId: string): Promise<void> {
    return withServiceErrors(async () => {
      await this.#redis.hset(redisKeys.trials(jobId), 'archived', Date.now());
    });
  }

  /** When the study was archived, in ms since 1970; null: it was not. */
  archivedAt(jobId: string): Promise<number | null> {
    return withServiceErrors(async () => {
      const at = await this.#redis.hget(redisKeys.trials(jobId), 'archived');
      return at === null ? null : Number(at);
    });
  }

  /** Removes all that Redis holds of a study. */
  remove(jobId: string): Promise<void> {
    return withServiceErrors(async () => {
      await this.#redis.zrem(redisKeys.jobs, jobId);
      await this.#redis.del(
        redisKeys.log(jobId),
        redisKeys.trials(jobId),
        redisKeys.snapshot(jobId),
        redisKeys.control(jobId),
        redisKeys.lines(jobId),
      );
    });
  }
}
