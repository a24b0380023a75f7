/** Turns a validated request into a study: writes the first event of its log and notifies the orchestrator. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Redis } from 'ioredis';
import { acceptRequest, jobIdSchema, OneginError, type StudyConfig } from '@onegin/contracts';
import { tracing, type StudyLog } from '@onegin/service-kit';
import type { Datasets } from '../datasets.ts';

/** How long an idempotency key identifies its job. */
const KEY_SECONDS = 24 * 3600;

const recordSchema = z.object({ jobId: jobIdSchema, runName: z.string(), digest: z.string() });
type KeyRecord = z.infer<typeof recordSchema>;

export interface Accepted {
  readonly jobId: string;
  readonly runName: string;
}

export interface SubmitDeps {
  readonly datasets: Datasets;
  readonly log: Pick<StudyLog, 'append'>;
  readonly redis: Redis;
  /** Asks the orchestrator to advance the study; it finds the study by itself if the message is lost. */
  readonly requestAdvance: (jobId: string) => Promise<void>;
}

/**
 * Writes JobRequested. With an idempotency key, a repeated request gets the job of the first one.
 * @throws OneginError `request-invalid`, `dataset-unknown`, `idempotency-conflict`
 */
export async function submitJob(
  input: unknown,
  idempotencyKey: string | undefined,
  deps: SubmitDeps,
): Promise<Accepted> {
  const traceparent = tracing().place();
  const accepted = acceptRequest(input, await deps.datasets());
  const config = { ...accepted, ...(traceparent !== undefined && { traceparent }) };
  if (idempotencyKey === undefined) return start(config, deps);
  // The gateway that claimed the key may have died before it wrote the log; a repeated request then does so.
  const { jobId, runName } = await claimKey(idempotencyKey, input, config, deps.redis);
  return start({ ...config, jobId, runName }, deps);
}

/** Appends the first event and asks for the first advance; both are idempotent. */
async function start(config: StudyConfig, { log, requestAdvance }: SubmitDeps): Promise<Accepted> {
  const { jobId, runName } = config;
  await log.append(jobId, [{ type: 'JobRequested', config }]);
  await requestAdvance(jobId);
  return { jobId, runName };
}

async function claimKey(
  key: string,
  input: unknown,
  { jobId, runName }: StudyConfig,
  redis: Redis,
): Promise<KeyRecord> {
  const claim: KeyRecord = { jobId, runName, digest: digestOf(input) };
  // The key is free text: only its digest becomes part of a name in Redis.
  const name = `onegin:idempotency:${digestOf(key)}`;
  const before = await redis.set(name, JSON.stringify(claim), 'EX', KEY_SECONDS, 'NX', 'GET');
  if (before === null) return claim;
  const record = recordSchema.parse(JSON.parse(before));
  if (record.digest === claim.digest) return record;
  throw new OneginError(
    'idempotency-conflict',
    `the idempotency key was used for job ${record.jobId} with another request`,
  );
}

/** Of the value, regardless of the order of its fields. */
const digestOf = (value: unknown): string => createHash('sha256').update(canonical(value)).digest('hex');

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}
