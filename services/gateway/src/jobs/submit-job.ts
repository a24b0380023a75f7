/** A validated request becomes a study: the first event of its log, and a word to the orchestrator. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Redis } from 'ioredis';
import { acceptRequest, jobIdSchema, OneginError, type StudyConfig } from '@onegin/contracts';
import { tracing } from '@onegin/service-kit';
import type { GatewayParts } from '../gateway-parts.ts';

/** So long the same key stands for the same job. */
const KEY_SECONDS = 24 * 3600;

const recordSchema = z.object({ jobId: jobIdSchema, runName: z.string(), digest: z.string() });
type KeyRecord = z.infer<typeof recordSchema>;

export interface Accepted {
  readonly jobId: string;
  readonly runName: string;
}

/**
 * Writes JobRequested. With an idempotency key, the same request sent again is answered with the first one's job.
 * @throws OneginError `request-invalid`, `dataset-unknown`, `idempotency-conflict`
 */
export async function submitJob(
  input: unknown,
  idempotencyKey: string | undefined,
  parts: GatewayParts,
): Promise<Accepted> {
  const traceparent = tracing().place();
  const accepted = acceptRequest(input, await parts.datasets());
  const config = { ...accepted, ...(traceparent !== undefined && { traceparent }) };
  if (idempotencyKey === undefined) return start(config, parts);
  // The one who claimed the key may have died before it wrote the log; who comes next does it.
  const { jobId, runName } = await claimKey(idempotencyKey, input, config, parts.redis);
  return start({ ...config, jobId, runName }, parts);
}

/** Appends the first event and asks for the first advance; both may be done again without harm. */
async function start(config: StudyConfig, { log, requestAdvance, logger }: GatewayParts): Promise<Accepted> {
  const { jobId, runName } = config;
  await log.append(jobId, [{ type: 'JobRequested', config }]);
  // The job stands in the log: from here on it is accepted, and the orchestrator also finds it by itself.
  await requestAdvance(jobId).catch((error: unknown) =>
    logger.warn({ err: error, jobId }, 'advance not asked for'),
  );
  return { jobId, runName };
}

async function claimKey(
  key: string,
  input: unknown,
  { jobId, runName }: StudyConfig,
  redis: Redis,
): Promise<KeyRecord> {
  const claim: KeyRecord = { jobId, runName, digest: digestOf(input) };
  // The key is a caller's free text: only its digest becomes part of a name in Redis.
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

/** Of the value, not of its spelling: the order of fields does not matter. */
const digestOf = (value: unknown): string => createHash('sha256').update(canonical(value)).digest('hex');

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}
