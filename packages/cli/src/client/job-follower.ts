/**
 * Follows a job over Socket.IO and folds its events. A lost connection, a restarted gateway or another one in its
 * place costs only time: it goes on after the last event it has.
 */
import { io, type Socket } from 'socket.io-client';
import {
  isEnded,
  problemSchema,
  eventsOfMessage,
  reduceStudy,
  type BatchProgress,
  type ClientMessages,
  type Problem,
  type ServerMessages,
  type StudyEvent,
  type StudyState,
  WIRE_VERSION,
} from '@onegin/contracts';
import { problemError, type GatewayClient } from './gateway-client.ts';

export interface FollowListener {
  /** New events, each once and in sequence, and the state after them. */
  events?(events: readonly StudyEvent[], state: StudyState): void;
  /** The whole state: at first, or where too much was missed to be told event by event. */
  snapshot?(state: StudyState): void;
  /** Latest progress inside epochs. */
  progress?(progress: readonly BatchProgress[]): void;
  connection?(state: 'connected' | 'lost'): void;
}

/** A gateway that cannot answer for the moment is asked again after this time. */
const ASK_AGAIN_MS = 1000;

/**
 * Resolves with the state in which the job ended.
 * @throws OneginError when the gateway refuses (`job-unknown`, `unauthorized` when the key ends meanwhile), or the signal's reason when it is aborted
 */
export function followJob(
  { url, headers }: Pick<GatewayClient, 'url' | 'headers'>,
  jobId: string,
  listener: FollowListener,
  signal: AbortSignal,
): Promise<StudyState> {
  const socket: Socket<ServerMessages, ClientMessages> = io(url, {
    transports: ['websocket'],
    extraHeaders: { ...headers },
    reconnectionDelay: 200,
    reconnectionDelayMax: 2000,
  });
  const follower = new JobFollower(socket, jobId, listener);
  signal.addEventListener('abort', () => follower.fail(signal.reason), { once: true });
  if (signal.aborted) follower.fail(signal.reason);
  return follower.ended.finally(() => socket.close());
}

class JobFollower {
  readonly ended: Promise<StudyState>;
  readonly #socket: Socket<ServerMessages, ClientMessages>;
  readonly #jobId: string;
  readonly #listener: FollowListener;
  readonly #resolve: (state: StudyState) => void;
  readonly fail: (reason: unknown) => void;
  #state: StudyState | null = null;

  constructor(socket: Socket<ServerMessages, ClientMessages>, jobId: string, listener: FollowListener) {
    this.#socket = socket;
    this.#jobId = jobId;
    this.#listener = listener;
    const { promise, resolve, reject } = Promise.withResolvers<StudyState>();
    this.ended = promise;
    this.#resolve = resolve;
    this.fail = reject;
    this.#hear();
  }

  #hear(): void {
    const socket = this.#socket;
    const listener = this.#listener;
    socket.on('connect', () => {
      listener.connection?.('connected');
      this.#watch();
    });
    socket.on('disconnect', (reason) => {
      if (reason === 'io client disconnect') return;
      listener.connection?.('lost');
      // The one way of closing after which the library does not connect again by itself.
      if (reason === 'io server disconnect') socket.connect();
    });
    socket.on('connect_error', (error) => {
      listener.connection?.('lost');
      const problem = problemSchema.safeParse((error as Error & { data?: unknown }).data);
      if (problem.success) this.#refusedEntry(problem.data);
    });
    socket.on('snapshot', ({ jobId, state }) => {
      if (jobId === this.#jobId) this.#replace(state);
    });
    socket.on('events', (message) => {
      if (message.jobId !== this.#jobId) return;
      try {
        this.#fold(eventsOfMessage(message));
      } catch (error) {
        this.fail(error);
      }
    });
    socket.on('progress', ({ jobId, progress }) => {
      if (jobId === this.#jobId) listener.progress?.(progress);
    });
  }

  #watch(): void {
    // Without a state it starts at the first event, so that every event is reported.
    const after = this.#state?.seq ?? 0;
    this.#socket.emit('watchJob', { jobId: this.#jobId, after, version: WIRE_VERSION }, (answer) => {
      if (!answer.ok) this.#refused(answer.problem);
    });
  }

  #refused(problem: Problem): void {
    if (problem.status < 500) this.fail(problemError(problem));
    else setTimeout(() => this.#socket.connected && this.#watch(), ASK_AGAIN_MS).unref();
  }

  /** After a refusal the library does not connect again by itself. */
  #refusedEntry(problem: Problem): void {
    if (problem.status < 500 && problem.code !== 'too-many-requests') return this.fail(problemError(problem));
    setTimeout(() => this.#socket.connect(), ASK_AGAIN_MS).unref();
  }

  #replace(state: StudyState): void {
    this.#state = state;
    this.#listener.snapshot?.(state);
    this.#finishIfEnded();
  }

  #fold(events: readonly StudyEvent[]): void {
    const seq = this.#state?.seq ?? 0;
    const fresh = events.filter((event) => event.seq > seq);
    const first = fresh[0];
    if (!first) return;
    // The gateway promises that there is no gap; should there be one, it is asked for what lies in it.
    if (first.seq !== seq + 1) return this.#watch();
    for (const event of fresh) this.#state = reduceStudy(this.#state, event);
    if (!this.#state) return;
    this.#listener.events?.(fresh, this.#state);
    this.#finishIfEnded();
  }

  #finishIfEnded(): void {
    if (this.#state && isEnded(this.#state)) this.#resolve(this.#state);
  }
}
