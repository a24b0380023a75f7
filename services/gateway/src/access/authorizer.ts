/** Decides whether a request may proceed: identifies the caller, counts it against the limits, checks its scope. */
import { OneginError } from '@onegin/contracts';
import type { Authenticator } from './authenticator.ts';
import { requireScope, type Access, type Caller } from './caller.ts';
import type { Client, ReadClient, RequestLike } from './client.ts';
import type { RateLimits } from './rate-limits.ts';

/** What a request needs. */
export interface AccessRequest {
  readonly access: Access;
  /** Whether it may change something. */
  readonly changes: boolean;
  /** The job in its path, unchecked; null: none. */
  readonly jobId: string | null;
  /** Probes are exempt from the limits. */
  readonly unlimited?: boolean;
}

export interface Authorization {
  readonly client: Client;
  /** Null for open routes, whose callers are not identified. */
  readonly caller: Caller | null;
}

export class Authorizer {
  readonly readClient: ReadClient;
  readonly #authenticator: Authenticator;
  readonly #limits: RateLimits;

  constructor(authenticator: Authenticator, limits: RateLimits, readClient: ReadClient) {
    this.#authenticator = authenticator;
    this.#limits = limits;
    this.readClient = readClient;
  }

  /** @throws OneginError `unauthorized`, `forbidden`, `too-many-requests` */
  async authorize(request: RequestLike, needed: AccessRequest): Promise<Authorization> {
    const client = this.readClient(request);
    if (needed.access === 'open') {
      if (!needed.unlimited) await this.#limits.count('requests', client.network);
      return { client, caller: null };
    }
    const caller = await this.identify(client, needed.access === 'read' ? needed.jobId : null);
    await this.#count(caller, client, needed);
    requireScope(caller, needed.access, needed.jobId);
    // Browsers attach the cookie to every request; only `origin` shows that it came from one of our own pages.
    if (needed.changes && caller.via === 'session' && !client.fromOwnPage)
      throw new OneginError(
        'forbidden',
        'a session cookie may change things only from a page of this gateway',
      );
    return { client, caller };
  }

  /**
   * The caller by its credentials or, without any, as a visitor of a public job.
   * @throws OneginError `unauthorized`, or `too-many-requests` after many wrong keys
   */
  async identify(
    client: Pick<Client, 'key' | 'sessionToken' | 'network'>,
    jobId: string | null,
  ): Promise<Caller> {
    const known = await this.countFailures(client.network, () => this.#authenticator.authenticate(client));
    const caller = known ?? (await this.#authenticator.visitor(jobId));
    if (caller) return caller;
    await this.#limits.count('requests', client.network);
    throw new OneginError('unauthorized', 'this needs a key: send it as `authorization: Bearer onegin_…`');
  }

  /** Only wrong keys are counted, so a valid one is never refused because of others in the same network. */
  async countFailures<T>(network: string, authenticate: () => Promise<T>): Promise<T> {
    try {
      return await authenticate();
    } catch (error) {
      if (error instanceof OneginError && error.code === 'unauthorized')
        await this.#limits.count('wrong-keys', network);
      throw error;
    }
  }

  /** A connection for live events, before its client is identified. */
  async countConnection(request: RequestLike): Promise<void> {
    await this.#limits.count('requests', this.readClient(request).network);
  }

  async #count(caller: Caller, client: Client, { changes, unlimited }: AccessRequest): Promise<void> {
    if (unlimited) return;
    const id = caller.key?.id ?? client.network;
    await this.#limits.count('requests', id);
    if (changes) await this.#limits.count('changes', id);
  }
}
