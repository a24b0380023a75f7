/**
 * Who may watch. The same checks as for requests, whenever a client connects: also when it comes back and resumes at
 * a sequence number. (Socket.IO's own recovery of connections, which would skip them, is not used.) Who was let in is
 * looked at again as long as it stays, and cut when its key or session has ended.
 */
import type { IncomingMessage } from 'node:http';
import type { Redis } from 'ioredis';
import { OneginError, parseOrThrow, socketAuthSchema, type Problem } from '@onegin/contracts';
import { redisChannels } from '@onegin/service-kit';
import type { Caller } from '../access/caller.ts';
import { checkHost } from '../access/known-hosts.ts';
import { problemOf } from '../api/problem.ts';
import { sameOrigin } from '../api/same-origin.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import type { LiveIo, LiveSocket } from './live-types.ts';

/** A key's or session's own end is noticed within this time. */
const CLOCK_MS = 1000;
/** What was revoked is heard of at once, and noticed within this time where word of it was lost. */
const LOOK_AGAIN_MS = 10_000;
/** A client says little: at most so many messages in so long. */
const MOST_MESSAGES = 500;
const MESSAGES_WITHIN_MS = 10_000;

type Parts = Pick<GatewayParts, 'door' | 'gatekeeper' | 'allowedOrigins' | 'logger'>;

export class LiveAccess {
  private readonly io: LiveIo;
  private readonly parts: Parts;
  private readonly timers: readonly NodeJS.Timeout[];

  /** @param signals a connection for subscriptions, which others may use too */
  constructor(io: LiveIo, parts: Parts, signals: Redis) {
    this.io = io;
    this.parts = parts;
    io.use((socket, next) => {
      this.admit(socket).then(
        () => next(),
        (error: unknown) => next(refusal(problemOf(error))),
      );
    });
    const { keysRequired } = parts.gatekeeper;
    this.timers = keysRequired
      ? [
          setInterval(() => void this.lookAgain(hasEnded), CLOCK_MS),
          setInterval(() => void this.lookAgain(() => true), LOOK_AGAIN_MS),
        ]
      : [];
    if (keysRequired) this.hear(signals);
  }

  /** Before a connection is made: is it a page that may ask, and not too often? */
  async allow(request: IncomingMessage): Promise<void> {
    const { gatekeeper, allowedOrigins, door } = this.parts;
    checkHost(request.headers, gatekeeper.settings);
    if (!sameOrigin(request, allowedOrigins))
      throw new OneginError('forbidden', 'pages of other sites may not watch');
    await door.countConnection(request);
  }

  /** @throws OneginError `too-many-requests` when a client says too much */
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

  /** Word of its end may have come while the client was on its way in. */
  confirm(socket: LiveSocket): Promise<void> {
    return this.cutUnless(socket, this.parts.gatekeeper.confirm(socket.data.caller));
  }

  close(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  private async admit(socket: LiveSocket): Promise<void> {
    const { headers, address, auth } = socket.handshake;
    const { key, jobId } = parseOrThrow(socketAuthSchema, auth, 'auth');
    const client = this.parts.door.readClient({ headers, socket: { remoteAddress: address } });
    const credentials = { ...client, key: key ?? client.key };
    socket.data.caller = await this.parts.door.identify(credentials, jobId ?? null);
    socket.data.jobs = new Set();
    socket.data.messages = { since: Date.now(), count: 0 };
  }

  private hear(signals: Redis): void {
    const channel = redisChannels.accessChanged;
    signals.on('message', (heard: string, who: string) => {
      if (heard === channel) void this.lookAgain((caller) => concerns(caller, who));
    });
    const subscribe = () =>
      signals.subscribe(channel).then(
        () => this.lookAgain(() => true),
        () => undefined,
      );
    // After an outage it subscribes again by itself; what was said meanwhile was not heard.
    signals.on('ready', () => void subscribe());
    if (signals.status === 'ready') void subscribe();
  }

  private async lookAgain(which: (caller: Caller) => boolean): Promise<void> {
    const confirmed = new Map<string, Promise<void>>();
    const sockets = [...this.io.sockets.sockets.values()].filter(({ data }) => which(data.caller));
    await Promise.all(
      sockets.map((socket) => {
        const { caller } = socket.data;
        const same = `${caller.key?.id} ${caller.session} ${caller.jobId}`;
        const confirming = confirmed.get(same) ?? this.parts.gatekeeper.confirm(caller);
        confirmed.set(same, confirming);
        return this.cutUnless(socket, confirming);
      }),
    );
  }

  private async cutUnless(socket: LiveSocket, confirming: Promise<void>): Promise<void> {
    try {
      await confirming;
    } catch (error) {
      // While Redis is away nothing can be said, and there is nothing to be seen either.
      if (!(error instanceof OneginError) || error.code !== 'unauthorized') return;
      this.parts.logger.info({ key: socket.data.caller.key?.id }, 'a client is cut: it may no longer watch');
      socket.disconnect(true);
    }
  }
}

const hasEnded = ({ expiresAt }: Caller): boolean => expiresAt !== null && expiresAt <= Date.now();

/** @param who id of a key, digest of a session, or a job that is public no longer */
const concerns = ({ key, session, via, jobId }: Caller, who: string): boolean =>
  key?.id === who || session === who || (via === 'public-job' && jobId === who);

/** What Socket.IO hands to the client's `connect_error`. */
const refusal = (problem: Problem): Error => Object.assign(new Error(problem.detail), { data: problem });
