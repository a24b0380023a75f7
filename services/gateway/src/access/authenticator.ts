/** Identifies the caller: by key, by session, or as a visitor of a public job. */
import { OneginError } from '@onegin/contracts';
import {
  keyDigest,
  sameDigest,
  usable,
  type ApiKeys,
  type Logger,
  type StoredKey,
} from '@onegin/service-kit';
import type { AccessSettings } from './access-settings.ts';
import { everyone, visitorOf, type Caller } from './caller.ts';
import type { Client } from './client.ts';
import type { PublicJobs } from './public-jobs.ts';
import { sessionDigest, type Sessions } from './sessions.ts';

/** The operator's key comes from the settings and appears in no list. */
const OPERATOR_ID = 'operator';

type Credentials = Pick<Client, 'key' | 'sessionToken'>;

export class Authenticator {
  readonly keysRequired: boolean;
  readonly #keys: ApiKeys;
  readonly #sessions: Sessions;
  readonly #publicJobs: PublicJobs;
  readonly #logger: Logger;
  readonly #operator: StoredKey | null;

  constructor(
    { mode, adminKey }: Pick<AccessSettings, 'mode' | 'adminKey'>,
    stores: { keys: ApiKeys; sessions: Sessions; publicJobs: PublicJobs },
    logger: Logger,
  ) {
    this.keysRequired = mode === 'keys';
    this.#keys = stores.keys;
    this.#sessions = stores.sessions;
    this.#publicJobs = stores.publicJobs;
    this.#logger = logger;
    this.#operator = adminKey === null ? null : operatorKey(adminKey);
  }

  /**
   * The caller that the credentials belong to; null without any.
   * @throws OneginError `unauthorized` where they are wrong, expired or revoked
   */
  async authenticate({ key, sessionToken }: Credentials): Promise<Caller | null> {
    if (!this.keysRequired) return everyone;
    if (key !== null) return this.#callerWith(await this.verify(key), 'key');
    return sessionToken === null ? null : this.#bySession(sessionDigest(sessionToken));
  }

  /** A visitor of the job, if it is public; otherwise null. @param jobId unchecked */
  async visitor(jobId: string | null): Promise<Caller | null> {
    return jobId !== null && (await this.#publicJobs.has(jobId)) ? visitorOf(jobId) : null;
  }

  /** @throws OneginError `unauthorized` */
  async verify(key: string): Promise<StoredKey> {
    const operator = this.#operator;
    if (operator && sameDigest(operator.digest, keyDigest(OPERATOR_ID, key))) return operator;
    return this.#keys.verify(key);
  }

  /**
   * Checks that a caller identified earlier still has access.
   * @throws OneginError `unauthorized` when its key, its session or the public job is gone
   */
  async revalidate({ via, key, session, jobId, expiresAt }: Caller): Promise<void> {
    if (via === 'open') return;
    if (expiresAt !== null && expiresAt <= Date.now()) throw sessionEnded();
    if (via === 'public-job' && !(await this.#publicJobs.has(jobId ?? ''))) throw sessionEnded();
    if (session !== null && !(await this.#sessions.find(session))) throw sessionEnded();
    if (key !== null) usable(await this.#keyOf(key.id, key.digest));
  }

  async #bySession(digest: string): Promise<Caller> {
    const session = await this.#sessions.find(digest);
    if (!session) throw sessionEnded();
    const key = usable(await this.#keyOf(session.keyId, session.keyDigest));
    return { ...this.#callerWith(key, 'session'), session: digest, expiresAt: session.expiresAt };
  }

  /** @throws OneginError `unauthorized` when the id has no key, or another one by now */
  async #keyOf(id: string, digest: string): Promise<StoredKey> {
    const key = id === OPERATOR_ID ? this.#operator : await this.#keys.find(id);
    if (!key || !sameDigest(key.digest, digest)) throw sessionEnded();
    return key;
  }

  #callerWith(key: StoredKey, via: 'key' | 'session'): Caller {
    const { id, name, scope, jobId, expiresAt, digest } = key;
    if (id !== OPERATOR_ID)
      this.#keys
        .noteUse(id)
        .catch((error: unknown) => this.#logger.debug({ err: error, key: id }, 'use of a key not noted'));
    return { scope, via, key: { id, name, digest }, session: null, jobId, expiresAt };
  }
}

const sessionEnded = (): OneginError =>
  new OneginError('unauthorized', 'this session has ended; sign in again');

const operatorKey = (text: string): StoredKey => ({
  id: OPERATOR_ID,
  name: 'the operator',
  scope: 'admin',
  jobId: null,
  createdAt: 0,
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
  digest: keyDigest(OPERATOR_ID, text),
});
