/** Who is calling, and what that allows. */
import { allows, OneginError, type Scope, type Session } from '@onegin/contracts';

/** How a route is guarded: for anyone, or for callers of at least this scope. */
export type Access = 'open' | Scope;

export interface Caller {
  readonly scope: Scope;
  /** What let the caller in. */
  readonly via: 'open' | 'key' | 'session' | 'public-job';
  /** Absent where no key stands behind. */
  readonly key: { readonly id: string; readonly name: string; readonly digest: string } | null;
  /** Digest of the session's token. */
  readonly session: string | null;
  /** The only job that may be read; null: all. */
  readonly jobId: string | null;
  readonly expiresAt: number | null;
}

/** Everybody, where no keys are asked for. */
export const everybody: Caller = {
  scope: 'admin',
  via: 'open',
  key: null,
  session: null,
  jobId: null,
  expiresAt: null,
};

/** Somebody without a key who looks at a job that is open to all. */
export const visitorOf = (jobId: string): Caller => ({
  scope: 'read',
  via: 'public-job',
  key: null,
  session: null,
  jobId,
  expiresAt: null,
});

/**
 * @param jobId the job that it is about, where it is about one
 * @throws OneginError `forbidden`
 */
export function requireScope(caller: Caller, needed: Scope, jobId: string | null): void {
  const who = caller.key ? `the key ${JSON.stringify(caller.key.name)}` : 'this caller';
  if (!allows(caller.scope, needed))
    throw new OneginError('forbidden', `this needs scope ${needed}; ${who} has ${caller.scope}`);
  if (caller.jobId !== null && caller.jobId !== jobId)
    throw new OneginError('forbidden', `${who} may only read job ${caller.jobId}`);
}

/** What the caller is told of itself. */
export const sessionOf = (caller: Caller | null, keysRequired: boolean): Session => ({
  keysRequired,
  scope: caller?.scope ?? null,
  signedIn: caller?.via === 'session',
  key: caller?.key ? { id: caller.key.id, name: caller.key.name } : null,
  jobId: caller?.jobId ?? null,
  expiresAt: caller?.expiresAt ?? null,
});
