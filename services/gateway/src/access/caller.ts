/** Who is calling, and what that allows. */
import { allows, OneginError, type Scope, type Session } from '@onegin/contracts';

/** Who may call a route: anyone, or callers with at least this scope. */
export type Access = 'open' | Scope;

export interface Caller {
  readonly scope: Scope;
  /** How the caller was identified. */
  readonly via: 'open' | 'key' | 'session' | 'public-job';
  /** Null where no key is involved. */
  readonly key: { readonly id: string; readonly name: string; readonly digest: string } | null;
  /** Digest of the session's token. */
  readonly session: string | null;
  /** The only job that the caller may read; null: any. */
  readonly jobId: string | null;
  readonly expiresAt: number | null;
}

const anonymous = { key: null, session: null, jobId: null, expiresAt: null } as const;

/** Any caller of an open gateway. */
export const everyone: Caller = { ...anonymous, scope: 'admin', via: 'open' };

/** A caller without a key who views a public job. */
export const visitorOf = (jobId: string): Caller => ({
  ...anonymous,
  scope: 'read',
  via: 'public-job',
  jobId,
});

/**
 * @param jobId the job concerned; null: none
 * @throws OneginError `forbidden`
 */
export function requireScope(caller: Caller, needed: Scope, jobId: string | null): void {
  const who = caller.key ? `the key ${JSON.stringify(caller.key.name)}` : 'this caller';
  if (!allows(caller.scope, needed))
    throw new OneginError('forbidden', `this needs scope ${needed}; ${who} has ${caller.scope}`);
  if (caller.jobId !== null && caller.jobId !== jobId)
    throw new OneginError('forbidden', `${who} may only read job ${caller.jobId}`);
}

/** What the API tells a caller about itself. */
export const sessionOf = (caller: Caller | null, keysRequired: boolean): Session => ({
  keysRequired,
  scope: caller?.scope ?? null,
  signedIn: caller?.via === 'session',
  key: caller?.key ? { id: caller.key.id, name: caller.key.name } : null,
  jobId: caller?.jobId ?? null,
  expiresAt: caller?.expiresAt ?? null,
});
