/** Finds out who is calling: by key, by session, or as anybody who looks at a public job. */
import { OneginError, type ApiKey } from '@onegin/contracts';
import { keyDigest, sameDigest, usable, type ApiKeys, type StoredKey } from '@onegin/service-kit';
import type { Logger } from 'pino';
import type { AccessSettings } from './access-settings.ts';
import { everybody, visitorOf, type Caller } from './caller.ts';
import type { Client } from './client.ts';
import type { PublicJobs } from './public-jobs.ts';
import { sessionDigest, type Sessions } from './sessions.ts';

/** Of the operator's key, which stands in no list. */
const OPERATOR_ID = 'operator';

type Credentials = Pick<Client, 'key' | 'sessionToken'>;

export class Gatekeeper {
  readonly settings: AccessSettings;
  private readonly keys: ApiKeys;
  private readonly sessions: Sessions;
  private readonly publicJobs: PublicJobs;
  private readonly logger: Logger;
  private readonly operator: StoredKey | null;

  constructor(
    settings: AccessSettings,
    stores: { keys: ApiKeys; sessions: Sessions; publicJobs: PublicJobs },
    logger: Logger,
  ) {
    this.settings = settings;
    this.keys = stores.keys;
    this.sessions = stores.sessions;
    this.publicJobs = stores.publicJobs;
    this.logger = logger;
    this.operator = settings.adminKey === null ? null : operatorKey(settings.adminKey);
  }

  get keysRequired(): boolean {
    return this.settings.mode === 'keys';
  }

  /**
   * Who the caller has proved to be; null where it tried to prove nothing.
   * @throws OneginError `unauthorized` where what it brought is not, or no longer, good
   */
  async identify({ key, sessionToken }: Credentials): Promise<Caller | null> {
    if (!this.keysRequired) return everybody;
    if (key !== null) return this.byKey(key);
    return sessionToken === null ? null : this.bySession(sessionDigest(sessionToken));
  }

  /**
   * Anybody, where the job is public; null where it is not.
   * @param jobId anyone's text
   */
  async visitor(jobId: string | null): Promise<Caller | null> {
    return jobId !== null && (await this.publicJobs.has(jobId)) ? visitorOf(jobId) : null;
  }

  /** Proves a key. @throws OneginError `unauthorized` */
  async verify(text: string): Promise<StoredKey> {
    const { operator } = this;
    if (operator && sameDigest(operator.digest, keyDigest(OPERATOR_ID, text))) return operator;
    return this.keys.verify(text);
  }

  /**
   * Looks again at one who was let in.
   * @throws OneginError `unauthorized` when what let it in holds no longer
   */
  async confirm({ via, key, session, jobId, expiresAt }: Caller): Promise<void> {
    if (via === 'open') return;
    if (expiresAt !== null && expiresAt <= Date.now()) throw ended();
    if (via === 'public-job' && !(await this.publicJobs.has(jobId ?? ''))) throw ended();
    if (session !== null && !(await this.sessions.find(session))) throw ended();
    if (key !== null) usable(await this.keyOf(key.id, key.digest));
  }

  private async byKey(text: string): Promise<Caller> {
    return this.welcome({ key: await this.verify(text), via: 'key' });
  }

  private async bySession(digest: string): Promise<Caller> {
    const session = await this.sessions.find(digest);
    if (!session) throw ended();
    const key = usable(await this.keyOf(session.keyId, session.keyDigest));
    return { ...this.welcome({ key, via: 'session' }), session: digest, expiresAt: session.expiresAt };
  }

  /** @throws OneginError `unauthorized` when there is no such key, or another under its id */
  private async keyOf(id: string, digest: string): Promise<StoredKey> {
    const key = id === OPERATOR_ID ? this.operator : await this.keys.find(id);
    if (!key || !sameDigest(key.digest, digest)) throw ended();
    return key;
  }

  private welcome({ key, via }: { key: StoredKey; via: 'key' | 'session' }): Caller {
    const { id, name, scope, jobId, expiresAt, digest } = key;
    if (id !== OPERATOR_ID)
      this.keys
        .noteUse(id)
        .catch((error: unknown) => this.logger.debug({ err: error, key: id }, 'use of a key not noted'));
    return { scope, via, key: { id, name, digest }, session: null, jobId, expiresAt };
  }
}

const ended = (): OneginError => new OneginError('unauthorized', 'this session has ended; sign in again');

function operatorKey(text: string): StoredKey {
  const about: ApiKey = {
    id: OPERATOR_ID,
    name: 'the operator',
    scope: 'admin',
    jobId: null,
    createdAt: 0,
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
  };
  return { ...about, digest: keyDigest(OPERATOR_ID, text) };
}
