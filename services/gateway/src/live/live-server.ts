/**
 * Live events over Socket.IO. Each gateway fills its rooms from the study log itself, so any number of gateways
 * need nothing from each other: no adapter, no sticky sessions, and a client that comes to another gateway goes on
 * where it was.
 */
import type { Server as HttpServer } from 'node:http';
import type { Redis } from 'ioredis';
import { Server } from 'socket.io';
import {
  OneginError,
  parseOrThrow,
  unwatchJobSchema,
  watchJobSchema,
  type ClientMessages,
  type ServerMessages,
  type WatchAnswer,
} from '@onegin/contracts';
import { requireScope } from '../access/caller.ts';
import { problemOf } from '../api/problem.ts';
import type { GatewayMetrics } from '../gateway-metrics.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { JobRoom } from './job-room.ts';
import { LiveAccess } from './live-access.ts';
import type { LiveIo, LiveSocket } from './live-types.ts';
import { Overview } from './overview.ts';

/** A client only says what it wants to watch. */
const LARGEST_MESSAGE = 16 * 1024;
const MOST_JOBS_PER_CLIENT = 100;
/** A connection that does not say who it is within this time is closed. */
const CONNECTS_WITHIN_MS = 10_000;

interface OpenRoom {
  readonly room: Promise<JobRoom>;
  /** Clients that are on their way in. */
  entering: number;
}

export class LiveServer {
  private readonly io: LiveIo;
  private readonly parts: GatewayParts;
  private readonly metrics: GatewayMetrics;
  private readonly rooms = new Map<string, OpenRoom>();
  private readonly overview: Overview;
  private readonly access: LiveAccess;

  /** @param signals a connection to Redis for subscriptions */
  constructor(server: HttpServer, parts: GatewayParts, metrics: GatewayMetrics, signals: Redis) {
    this.parts = parts;
    this.metrics = metrics;
    this.io = new Server<ClientMessages, ServerMessages>(server, {
      transports: ['websocket'],
      serveClient: false,
      maxHttpBufferSize: LARGEST_MESSAGE,
      connectTimeout: CONNECTS_WITHIN_MS,
      allowRequest: (request, decide) => {
        this.access.allow(request).then(
          () => decide(null, true),
          (error: unknown) => decide(this.problem(error).detail, false),
        );
      },
    });
    this.access = new LiveAccess(this.io, parts, signals);
    this.overview = new Overview(this.io, parts);
    this.io.on('connection', (socket) => this.welcome(socket));
    parts.studies.onProgress((progress) => {
      void this.rooms.get(progress.jobId)?.room.then(
        (room) => room.progressed(progress),
        () => undefined,
      );
    });
  }

  /** Tells the clients, and closes their connections in a way that makes them connect again. */
  close(reason: string): void {
    this.overview.close();
    this.access.close();
    this.io.emit('goodbye', { reason });
    for (const socket of this.io.sockets.sockets.values()) socket.conn.close();
  }

  private welcome(socket: LiveSocket): void {
    this.metrics.sockets.inc();
    forgetRequest(socket);
    void this.access.confirm(socket);
    socket.on('watchJob', (message: unknown, answer: unknown) => {
      const reply =
        typeof answer === 'function' ? (answer as (answer: WatchAnswer) => void) : () => undefined;
      this.watchJob(socket, message).then(
        (seq) => reply({ ok: true, seq }),
        (error: unknown) => reply({ ok: false, problem: this.problem(error) }),
      );
    });
    socket.on('unwatchJob', (message: unknown) => {
      const parsed = unwatchJobSchema.safeParse(message);
      if (parsed.success) this.leave(socket, parsed.data.jobId);
    });
    socket.on('watchOverview', (answer: unknown) => {
      const reply =
        typeof answer === 'function'
          ? (answer as Parameters<ClientMessages['watchOverview']>[0])
          : () => undefined;
      this.watchOverview(socket).then(
        () => reply({ ok: true }),
        (error: unknown) => reply({ ok: false, problem: this.problem(error) }),
      );
    });
    socket.once('disconnect', () => {
      this.metrics.sockets.dec();
      for (const jobId of socket.data.jobs) this.leave(socket, jobId);
      this.overview.leave(socket);
    });
  }

  private problem(error: unknown) {
    const problem = problemOf(error);
    if (problem.code === 'internal') this.parts.logger.error({ err: error }, 'a live message failed');
    return problem;
  }

  private async watchOverview(socket: LiveSocket): Promise<void> {
    this.access.countMessage(socket);
    requireScope(socket.data.caller, 'read', null);
    await this.overview.join(socket);
  }

  private async watchJob(socket: LiveSocket, message: unknown): Promise<number> {
    this.access.countMessage(socket);
    const { jobId, after } = parseOrThrow(watchJobSchema, message, 'the message');
    const { jobs, caller } = socket.data;
    requireScope(caller, 'read', jobId);
    if (!jobs.has(jobId) && jobs.size >= MOST_JOBS_PER_CLIENT)
      throw new OneginError('too-many-requests', `a client may watch ${MOST_JOBS_PER_CLIENT} jobs at once`);
    jobs.add(jobId);
    const open = this.rooms.get(jobId) ?? this.openRoom(jobId);
    open.entering++;
    try {
      const room = await open.room;
      await room.remember();
      // It may have gone, or changed its mind, meanwhile.
      if (!socket.connected || !jobs.has(jobId)) return 0;
      return room.join(socket, after);
    } catch (error) {
      jobs.delete(jobId);
      throw error;
    } finally {
      open.entering--;
      this.closeIfEmpty(jobId, open);
    }
  }

  private openRoom(jobId: string): OpenRoom {
    const room = this.parts.studies
      .watch(jobId)
      .then((watched) => new JobRoom(this.io, watched, this.metrics));
    const open = { room, entering: 0 };
    this.rooms.set(jobId, open);
    this.metrics.watchedJobs.set(this.rooms.size);
    return open;
  }

  private leave(socket: LiveSocket, jobId: string): void {
    socket.data.jobs.delete(jobId);
    const open = this.rooms.get(jobId);
    if (!open) return;
    open.room.then(
      (room) => {
        room.leave(socket);
        this.closeIfEmpty(jobId, open);
      },
      () => undefined,
    );
  }

  private closeIfEmpty(jobId: string, open: OpenRoom): void {
    const close = () => {
      if (this.rooms.get(jobId) === open) this.rooms.delete(jobId);
      this.metrics.watchedJobs.set(this.rooms.size);
    };
    open.room.then(
      (room) => {
        if (!room.isEmpty || open.entering > 0 || this.rooms.get(jobId) !== open) return;
        close();
        room.close();
      },
      // It could not be opened: whoever asks next tries again.
      close,
    );
  }
}

/** The request of the handshake is large and of no use any more; its headers hold a key or a session's token. */
function forgetRequest({ conn, handshake }: LiveSocket): void {
  (conn as { request: unknown }).request = null;
  handshake.headers = {};
  handshake.auth = {};
}
