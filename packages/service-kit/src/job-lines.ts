/**
 * The log lines of a job, in a stream beside its study log, for people who watch the job and not the machines. Every
 * service sends those of its lines that carry a job's id. They are for reading only: nothing is decided by them, and
 * where Redis is down or full they are dropped.
 */
import { jobIdSchema, trainingTargetSchema, type JobLine } from '@onegin/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { withServiceErrors } from './service-error.ts';
import { redisKeys } from './redis-keys.ts';

/** The newest of a job that are kept, about. */
export const LINES_KEPT = 5000;
/** They are removed with the study, or, should that fail, this long after the last one. */
const KEPT_SECONDS = 30 * 86_400;
const SEND_EVERY_MS = 250;
/** Waiting to be sent; what comes then is dropped. */
const MOST_WAITING = 2000;
const LONGEST_LINE = 8000;

interface Waiting {
  readonly jobId: string;
  readonly line: string;
}

/** Takes lines of a process and sends those of jobs to Redis. */
export class JobLines {
  #redis: Redis | null = null;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | null = null;

  /** @param line one log line, as it was written */
  take(line: string): void {
    // Most lines of most services carry none; those are not parsed.
    if (!line.includes('"jobId":"') || this.#waiting.length >= MOST_WAITING) return;
    const waiting = lineOfJob(line);
    if (waiting === null) return;
    this.#waiting.push(waiting);
    this.#timer ??= setTimeout(() => void this.flush(), SEND_EVERY_MS).unref();
  }

  /** Sends lines from now on. @param redis a connection that does not wait: `failFast` */
  sendTo(redis: Redis): void {
    this.#redis = redis;
  }

  async flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const redis = this.#redis;
    if (!redis || redis.status !== 'ready') return;
    const lines = this.#waiting;
    this.#waiting = [];
    const pipeline = redis.pipeline();
    for (const { jobId, line } of lines)
      pipeline.xadd(redisKeys.lines(jobId), 'MAXLEN', '~', LINES_KEPT, '*', 'line', line);
    for (const jobId of new Set(lines.map(({ jobId }) => jobId)))
      pipeline.expire(redisKeys.lines(jobId), KEPT_SECONDS);
    // A line that says that lines cannot be sent would be one more of them.
    await pipeline.exec().catch(() => undefined);
  }
}

/** Null: it is about no job. A stack says where things lie on a machine; it stays in the service's own output. */
function lineOfJob(text: string): Waiting | null {
  const record = parsed(text);
  const jobId = jobIdSchema.safeParse(record?.jobId).data;
  if (!record || jobId === undefined) return null;
  if (record.err) delete record.err.stack;
  const line = JSON.stringify(record);
  if (line.length <= LONGEST_LINE) return { jobId, line };
  const { time, level, service, msg, trial, trainer } = record;
  const short = { time, level, service, msg: String(msg).slice(0, LONGEST_LINE / 2), trial, trainer };
  return { jobId, line: JSON.stringify({ ...short, shortened: true }) };
}

function parsed(text: string): (Record<string, unknown> & { err?: Record<string, unknown> }) | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}

const recordSchema = z.looseObject({
  time: z.iso.datetime(),
  level: z.string(),
  service: z.string(),
  msg: z.string().default(''),
  trial: trainingTargetSchema.optional().catch(undefined),
  trainer: z.string().optional().catch(undefined),
  requestId: z.string().optional().catch(undefined),
  err: z.looseObject({ message: z.string() }).optional().catch(undefined),
});

/**
 * Lines of a job after an id, oldest first; those that another version wrote otherwise are left out.
 * @returns how many were `found`, and the id of the `last`
 */
export function readJobLines(
  redis: Redis,
  jobId: string,
  { after, count }: { after: string | null; count: number },
): Promise<{ lines: JobLine[]; found: number; last: string | null }> {
  return withServiceErrors(async () => {
    const start = after === null ? '-' : `(${after}`;
    const entries = await redis.xrange(redisKeys.lines(jobId), start, '+', 'COUNT', count);
    const lines = entries.flatMap(([id, fields]) => lineOf(id, fields[1] ?? '') ?? []);
    return { lines, found: entries.length, last: entries.at(-1)?.[0] ?? null };
  });
}

function lineOf(id: string, text: string): JobLine | null {
  const record = recordSchema.safeParse(parsed(text));
  if (!record.success) return null;
  const { time, level, service, msg, trial, trainer, requestId, err, jobId: _, ...fields } = record.data;
  return {
    id,
    at: Date.parse(time),
    level,
    service,
    message: err ? `${msg}: ${err.message}` : msg,
    trial: trial ?? null,
    trainer: trainer ?? null,
    requestId: requestId ?? null,
    fields,
  };
}
