/**
 * Who may watch. Every connection passes the same checks as a request, also when a client reconnects and resumes at a
 * sequence number; Socket.IO's own connection state recovery, which would skip them, is not used. While a client
 * stays it is revalidated, and disconnected when its key or session has ended.
 */
import type { IncomingMessage } from 'node:http';
import type { Redis } from 'ioredis';
import { OneginError, parseOrThrow, socketAuthSchema, type Problem } from '@onegin/contracts';
import { redisChannels, type Logger } from '@onegin/service-kit';
import type { AccessSettings } from '../access/access-settings.ts';
import { checkHost } from '../access/allowed-hosts.ts';
import type { Authenticator } from '../access/authenticator.ts';
import type { Authorizer } from '../access/authorizer.ts';
import type { Caller } from '../access/caller.ts';
import { problemOf } from '../api/problem.ts';
import { sameOrigin } from '../api/same-origin.ts';
import type { LiveIo, LiveSocket } from './live-types.ts';

/** How often clients are checked for keys and sessions that have expired. */
const EXPIRY_CHECK_MS = 1000;
/** Revocations are announced; how often all clients are checked in case an announcement was lost. */
const FULL_CHECK_MS = 10_000;
/** Clients have little to say: the rate limit of their messages. */
const MOST_MESSAGES = 500;
const MESSAGES_WITHIN_MS = 10_000;

export interface LiveAccessDeps {
  readonly authenticator: Pick<Authenticator, 'keysRequired' | 'revalidate'>;
  readonly authorizer: Pick<Authorizer, 'readClient' | 'identify' | 'countConnection'>;
  readonly access: AccessSettings;
  readonly allowedOrigins: readonly string[];
  /** A connection for subscriptions, which others may share. */
  readonly subscriptions: Redis;
  readonly logger: Logger;
}

export class LiveAccess {
  readonly #io: LiveIo;
  readonly #deps: LiveAccessDeps;
  readonly #timers: readonly NodeJS.Timeout[];

  constructor(io: LiveIo, deps: LiveAccessDeps) {
    this.#io = io;
    this.#deps = deps;
    io.use((socket, next) => {
      this.#identify(socket).then(
        () => next(),
        (error: unknown) => next(refusal(problemOf(error))),
      );
    });
    const { keysRequired } = deps.authenticator;
    this.#timers = keysRequired
      ? [
          setInterval(() => void this.#revalidateWhere(hasExpired), EXPIRY_CHECK_MS),
          setInterval(() => void this.#revalidateWhere(() => true), FULL_CHECK_MS),
        ]
      : [];
    if (keysRequired) this.#listenForChanges(deps.subscriptions);
  }

  /** Before a connection is accepted: checks where it comes from, and its rate. */
  async allow(request: IncomingMessage): Promise<void> {
    const { access, allowedOrigins, authorizer } = this.#deps;
    checkHost(request.headers, access);
    if (!sameOrigin(request, allowedOrigins))
      throw new OneginError('forbidden', 'pages of other sites may not watch');
    await authorizer.countConnection(request);
  }

  /** @throws OneginError `too-many-requests` */
  countMessage({ data }: LiveSocket): void {
    const now = Date.now();
    if (now - data.messages.since > MESSAGES_WITHIN_MS) data.messages = { since: now, count: 0 };
    if (++data.messages.count > MOST_MESSAGES)
      throw new OneginError(
        'too-many-requests',
        `a client may send ${MOST_MESSAGES} messages in ${MESSAGES_WITHIN_MS / 1000} s`,
        { retryAfterSeconds: Math.ceil((data.messages.since + MESSAGES_WITHIN_MS - now) / 1000) },
      );
  }

  /** A client's access may have ended while it connected. */
  revalidate(socket: LiveSocket): Promise<void> {
    return this.#disconnectUnless(socket, this.#deps.authenticator.revalidate(socket.data.caller));
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  async #identify(socket: LiveSocket): Promise<void> {
    const { headers, address, auth } = socket.handshake;
    const { key, jobId } = parseOrThrow(socketAuthSchema, auth, 'auth');
    const client = this.#deps.authorizer.readClient({ headers, socket: { remoteAddress: address } });
    const credentials = { ...client, key: key ?? client.key };
    socket.data.caller = await this.#deps.authorizer.identify(credentials, jobId ?? null);
    socket.data.jobs = new Set();
    socket.data.messages = { since: Date.now(), count: 0 };
  }

  #listenForChanges(redis: Redis): void {
    const channel = redisChannels.accessChanged;
    redis.on('message', (of: string, changed: string) => {
      if (of === channel) void this.#revalidateWhere((caller) => dependsOn(caller, changed));
    });
    const subscribe = () =>
      redis.subscribe(channel).then(
        () => this.#revalidateWhere(() => true),
        () => undefined,
      );
    // ioredis resubscribes after an outage, but announcements in between are lost.
    redis.on('ready', () => void subscribe());
    if (redis.status === 'ready') void subscribe();
  }

  /** Every caller once, however many connections it has. */
  async #revalidateWhere(condition: (caller: Caller) => boolean): Promise<void> {
    const checks = new Map<string, Promise<void>>();
    const sockets = [...this.#io.sockets.sockets.values()].filter(({ data }) => condition(data.caller));
    await Promise.all(
      sockets.map((socket) => {
        const { caller } = socket.data;
        const id = `${caller.key?.id} ${caller.session} ${caller.jobId}`;
        const check = checks.get(id) ?? this.#deps.authenticator.revalidate(caller);
        checks.set(id, check);
        return this.#disconnectUnless(socket, check);
      }),
    );
  }

  async #disconnectUnless(socket: LiveSocket, valid: Promise<void>): Promise<void> {
    try {
      await valid;
    } catch (error) {
      // While Redis is unreachable nothing can be checked, and there is nothing new to see either.
      if (!(error instanceof OneginError) || error.code !== 'unauthorized') return;
      this.#deps.logger.info(
        { key: socket.data.caller.key?.id },
        'a client was disconnected: its access ended',
      );
      socket.disconnect(true);
    }
  }
}

const hasExpired = ({ expiresAt }: Caller): boolean => expiresAt !== null && expiresAt <= Date.now();

/** @param changed id of a key, digest of a session, or a job that is no longer public */
const dependsOn = ({ key, session, via, jobId }: Caller, changed: string): boolean =>
  key?.id === changed || session === changed || (via === 'public-job' && jobId === changed);

/** What the client's `connect_error` receives. */
const refusal = (problem: Problem): Error => Object.assign(new Error(problem.detail), { data: problem });
