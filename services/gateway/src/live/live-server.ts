/**
 * Live events over Socket.IO. Each gateway fills its rooms from the study log, so gateways need nothing from each
 * other: no adapter, no sticky sessions, and a client that reconnects to another gateway resumes where it was.
 */
import type { Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import {
  type ClientMessages,
  OneginError,
  parseOrThrow,
  type ServerMessages,
  unwatchJobSchema,
  versionOf,
  watchJobSchema,
  WIRE_VERSION,
} from '@onegin/contracts';
import { requireScope } from '../access/caller.ts';
import { problemOf } from '../api/problem.ts';
import type { GatewayMetrics } from '../gateway-metrics.ts';
import type { Studies } from '../jobs/studies.ts';
import { JobRoom } from './job-room.ts';
import { LiveAccess, type LiveAccessDeps } from './live-access.ts';
import type { LiveIo, LiveSocket } from './live-types.ts';
import { Overview, type OverviewDeps } from './overview.ts';

/** Clients only say what they want to watch. */
const LARGEST_MESSAGE = 16 * 1024;
const MOST_JOBS_PER_CLIENT = 100;
/** A connection that does not authenticate within this time is closed. */
const CONNECTS_WITHIN_MS = 10_000;

interface OpenRoom {
  readonly room: Promise<JobRoom>;
  /** Clients that are about to join. */
  entering: number;
}

export interface LiveServerDeps extends LiveAccessDeps, OverviewDeps {
  readonly studies: Pick<Studies, 'watch' | 'onProgress'>;
  readonly metrics: GatewayMetrics;
}

export class LiveServer {
  readonly #io: LiveIo;
  readonly #deps: LiveServerDeps;
  readonly #rooms = new Map<string, OpenRoom>();
  readonly #overview: Overview;
  readonly #access: LiveAccess;

  constructor(server: HttpServer, deps: LiveServerDeps) {
    this.#deps = deps;
    this.#io = new Server<ClientMessages, ServerMessages>(server, {
      transports: ['websocket'],
      serveClient: false,
      maxHttpBufferSize: LARGEST_MESSAGE,
      connectTimeout: CONNECTS_WITHIN_MS,
      allowRequest: (request, decide) => {
        this.#access.allow(request).then(
          () => decide(null, true),
          (error: unknown) => decide(this.#problem(error).detail, false),
        );
      },
    });
    this.#access = new LiveAccess(this.#io, deps);
    this.#overview = new Overview(this.#io, deps);
    this.#io.on('connection', (socket) => this.#serve(socket));
    deps.studies.onProgress((progress) => {
      void this.#rooms.get(progress.jobId)?.room.then(
        (room) => room.progressed(progress),
        () => undefined,
      );
    });
  }

  /** Notifies the clients and closes their connections in a way that makes them reconnect. */
  close(reason: string): void {
    this.#overview.close();
    this.#access.close();
    this.#io.emit('goodbye', { reason });
    for (const socket of this.#io.sockets.sockets.values()) socket.conn.close();
  }

  #serve(socket: LiveSocket): void {
    this.#deps.metrics.sockets.inc();
    forgetRequest(socket);
    void this.#access.revalidate(socket);
    socket.on('watchJob', (message: unknown, answer: unknown) =>
      this.#answer(
        answer,
        this.#watchJob(socket, message).then((seq) => ({ ok: true, seq })),
      ),
    );
    socket.on('unwatchJob', (message: unknown) => {
      const parsed = unwatchJobSchema.safeParse(message);
      if (parsed.success) this.#leave(socket, parsed.data.jobId);
    });
    socket.on('watchOverview', (answer: unknown) =>
      this.#answer(
        answer,
        this.#watchOverview(socket).then(() => ({ ok: true })),
      ),
    );
    socket.once('disconnect', () => {
      this.#deps.metrics.sockets.dec();
      for (const jobId of socket.data.jobs) this.#leave(socket, jobId);
      this.#overview.leave(socket);
    });
  }

  /** @param acknowledge what the client sent to be called: anything, or nothing */
  #answer(acknowledge: unknown, work: Promise<object>): void {
    const reply = typeof acknowledge === 'function' ? acknowledge : () => undefined;
    work.then(
      (result) => reply(result),
      (error: unknown) => reply({ ok: false, problem: this.#problem(error) }),
    );
  }

  #problem(error: unknown) {
    const problem = problemOf(error);
    if (problem.code === 'internal') this.#deps.logger.error({ err: error }, 'a live message failed');
    return problem;
  }

  async #watchOverview(socket: LiveSocket): Promise<void> {
    this.#access.countMessage(socket);
    requireScope(socket.data.caller, 'read', null);
    await this.#overview.join(socket);
  }

  async #watchJob(socket: LiveSocket, message: unknown): Promise<number> {
    this.#access.countMessage(socket);
    const {
      jobId,
      after,
      version = 1,
    } = parseOrThrow(
      // A newer client may say more than this version knows; any other says what is wrong.
      versionOf(message) > WIRE_VERSION ? watchJobSchema.loose() : watchJobSchema,
      message,
      'the message',
    );
    socket.data.version = version;
    const { jobs, caller } = socket.data;
    requireScope(caller, 'read', jobId);
    if (!jobs.has(jobId) && jobs.size >= MOST_JOBS_PER_CLIENT)
      throw new OneginError('too-many-requests', `a client may watch ${MOST_JOBS_PER_CLIENT} jobs at once`);
    jobs.add(jobId);
    const open = this.#rooms.get(jobId) ?? this.#openRoom(jobId);
    open.entering++;
    try {
      const room = await open.room;
      await room.remember();
      // It may have disconnected or unwatched the job in the meantime.
      if (!socket.connected || !jobs.has(jobId)) return 0;
      return room.join(socket, after);
    } catch (error) {
      jobs.delete(jobId);
      throw error;
    } finally {
      open.entering--;
      this.#closeIfEmpty(jobId, open);
    }
  }

  #openRoom(jobId: string): OpenRoom {
    const room = this.#deps.studies
      .watch(jobId)
      .then((watched) => new JobRoom(this.#io, watched, this.#deps.metrics));
    const open = { room, entering: 0 };
    this.#rooms.set(jobId, open);
    this.#deps.metrics.watchedJobs.set(this.#rooms.size);
    return open;
  }

  #leave(socket: LiveSocket, jobId: string): void {
    socket.data.jobs.delete(jobId);
    const open = this.#rooms.get(jobId);
    if (!open) return;
    open.room.then(
      (room) => {
        room.leave(socket);
        this.#closeIfEmpty(jobId, open);
      },
      () => undefined,
    );
  }

  #closeIfEmpty(jobId: string, open: OpenRoom): void {
    const close = () => {
      if (this.#rooms.get(jobId) === open) this.#rooms.delete(jobId);
      this.#deps.metrics.watchedJobs.set(this.#rooms.size);
    };
    open.room.then(
      (room) => {
        if (!room.isEmpty || open.entering > 0 || this.#rooms.get(jobId) !== open) return;
        close();
        room.close();
      },
      // It could not be opened: the next client tries again.
      close,
    );
  }
}

/** The handshake's request is large and no longer needed; its headers hold a key or a session token. */
function forgetRequest({ conn, handshake }: LiveSocket): void {
  (conn as { request: unknown }).request = null;
  handshake.headers = {};
  handshake.auth = {};
}
