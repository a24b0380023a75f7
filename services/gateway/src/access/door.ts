/** Lets a request in, or says why not: counts it, finds out who sends it, and what that allows. */
import { OneginError } from '@onegin/contracts';
import { requireScope, type Access, type Caller } from './caller.ts';
import type { Client, ReadClient, Requesting } from './client.ts';
import type { Gatekeeper } from './gatekeeper.ts';
import type { RateLimits } from './rate-limits.ts';

/** What a request asks for. */
export interface Wish {
  readonly access: Access;
  /** Whether it may change something. */
  readonly changes: boolean;
  /** The job that it is about, as the address has it; null: none. */
  readonly jobId: string | null;
  /** Probes are answered however often they come. */
  readonly uncounted?: boolean;
}

export interface Admission {
  readonly client: Client;
  /** Null for what is open to anyone: who calls is then not asked. */
  readonly caller: Caller | null;
}

export class Door {
  readonly readClient: ReadClient;
  private readonly gatekeeper: Gatekeeper;
  private readonly limits: RateLimits;

  constructor(gatekeeper: Gatekeeper, limits: RateLimits, readClient: ReadClient) {
    this.gatekeeper = gatekeeper;
    this.limits = limits;
    this.readClient = readClient;
  }

  /** @throws OneginError `unauthorized`, `forbidden`, `too-many-requests` */
  async admit(request: Requesting, wish: Wish): Promise<Admission> {
    const client = this.readClient(request);
    if (wish.access === 'open') {
      if (!wish.uncounted) await this.limits.count('requests', client.network);
      return { client, caller: null };
    }
    const caller = await this.identify(client, wish.access === 'read' ? wish.jobId : null);
    await this.count(caller, client, wish);
    requireScope(caller, wish.access, wish.jobId);
    // The cookie goes with whatever the browser sends; that a page of ours wanted it, `origin` says.
    if (wish.changes && caller.via === 'session' && !client.fromOwnPage)
      throw new OneginError(
        'forbidden',
        'with the session cookie only a page of this gateway changes anything',
      );
    return { client, caller };
  }

  /**
   * Who it is, by what it brought; by the job it wants to look at where it brought nothing.
   * @throws OneginError `unauthorized`, or `too-many-requests` where wrong keys come in a row
   */
  async identify(
    client: Pick<Client, 'key' | 'sessionToken' | 'network'>,
    jobId: string | null,
  ): Promise<Caller> {
    const known = await this.countWrong(client.network, () => this.gatekeeper.identify(client));
    const caller = known ?? (await this.gatekeeper.visitor(jobId));
    if (caller) return caller;
    await this.limits.count('requests', client.network);
    throw new OneginError('unauthorized', 'this needs a key: send it as `authorization: Bearer onegin_…`');
  }

  /** What proves a key wrong is counted; a right one is never refused for the wrong ones of its neighbours. */
  async countWrong<T>(network: string, prove: () => Promise<T>): Promise<T> {
    try {
      return await prove();
    } catch (error) {
      if (error instanceof OneginError && error.code === 'unauthorized')
        await this.limits.count('wrong-keys', network);
      throw error;
    }
  }

  private async count(caller: Caller, client: Client, { changes, uncounted }: Wish): Promise<void> {
    if (uncounted) return;
    const who = caller.key?.id ?? client.network;
    await this.limits.count('requests', who);
    if (changes) await this.limits.count('changes', who);
  }

  /** A connection for live events, before it says who it is. */
  async countConnection(request: Requesting): Promise<void> {
    await this.limits.count('requests', this.readClient(request).network);
  }
}
