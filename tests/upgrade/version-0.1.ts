/** What Onegin 0.1 left: three studies, in Redis and in an artifact store, when its services had been told to end. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { Redis } from 'ioredis';

/** One that completed, one that was cancelled, and one that was under way. */
export const JOBS = { completed: 'pq6kwmtxv44z', cancelled: 'nx87z3n55hnr', open: 'p38n37v8kkzq' } as const;

const data = new URL('../data/version-0.1/', import.meta.url);

interface Key {
  readonly key: string;
  /** As Redis's DUMP gives it, in base64. */
  readonly dump: string;
}

export async function restoreRedis(url: string): Promise<void> {
  const keys = JSON.parse(
    gunzipSync(readFileSync(new URL('redis.json.gz', data))).toString(),
  ) as readonly Key[];
  const redis = new Redis(url);
  for (const { key, dump } of keys) await redis.restore(key, 0, Buffer.from(dump, 'base64'));
  await redis.quit();
}

export function restoreArtifacts(directory: string): void {
  execFileSync('tar', ['xzf', fileURLToPath(new URL('artifacts.tar.gz', data)), '-C', directory]);
}
