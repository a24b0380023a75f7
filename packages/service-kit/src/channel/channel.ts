/** Requests, answers and notifications in both directions, over anything that carries messages. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { OneginError, type ErrorCode } from '@onegin/contracts';
import { receivedError, sentError } from './contract.ts';
import type { ArgumentOf, Handlers, Message, ResultOf } from './contract.ts';

export interface ChannelOptions {
  /** The other side, as messages call it: "the drawing process". */
  readonly name: string;
  /** Of what goes wrong with the other side and has no code of its own. */
  readonly code: ErrorCode;
  /** After this time without a request the other side is ended. */
  readonly idleMs?: number;
}

export interface RequestLimits {
  /** When it is aborted the other side is told, and the request is rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** As if aborted after this time. */
  readonly timeoutMs?: number | undefined;
  /**
   * A request that is aborted or takes too long is rejected at once. With this it is rejected when the other side has
   * answered or ended, and is killed after this time.
   */
  readonly killAfterMs?: number | undefined;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

export class Channel<Theirs, Ours> {
  protected readonly options: ChannelOptions;
  readonly #post: (message: Message) => void;
  readonly #waiting = new Map<number, Waiting>();
  readonly #answering = new Map<number, AbortController>();
  #handlers: Partial<Handlers<Ours>> = {};
  #inContext = AsyncLocalStorage.snapshot();
  #lastId = 0;
  #closed: OneginError | null = null;
  #idle: NodeJS.Timeout | undefined;

  constructor(post: (message: Message) => void, options: ChannelOptions) {
    this.#post = post;
    this.options = options;
  }

  /** Replaces what is answered from now on; the handlers run in the async context of this call. */
  handle(handlers: Partial<Handlers<Ours>>): void {
    this.#handlers = handlers;
    this.#inContext = AsyncLocalStorage.snapshot();
  }

  /** @throws OneginError what the handler threw, or why the other side has ended. The reason of an aborted signal. */
  async request<Name extends keyof Theirs & string>(
    method: Name,
    argument: ArgumentOf<Theirs, Name>,
    { signal, timeoutMs, killAfterMs }: RequestLimits = {},
  ): Promise<ResultOf<Theirs, Name>> {
    if (this.#closed) throw this.#closed;
    signal?.throwIfAborted();
    clearTimeout(this.#idle);
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<ResultOf<Theirs, Name>>();
    this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
    const giveUp = (reason: unknown) => {
      unwatch();
      this.#post({ type: 'cancel', id });
      if (killAfterMs === undefined) return reject(reason);
      this.#waiting.set(id, { resolve: () => reject(reason), reject: () => reject(reason) });
      timer = setTimeout(() => this.kill(), killAfterMs);
    };
    const onAbort = () => giveUp(signal?.reason);
    signal?.addEventListener('abort', onAbort);
    let timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => giveUp(this.#late(method, timeoutMs)), timeoutMs);
    const unwatch = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    try {
      this.#post({ type: 'request', id, method, argument });
      return await promise;
    } finally {
      unwatch();
      this.#waiting.delete(id);
      this.#rest();
    }
  }

  /** Tells the other side something that needs no answer; one that has ended is told nothing. */
  notify<Name extends keyof Theirs & string>(method: Name, argument: ArgumentOf<Theirs, Name>): void {
    if (!this.#closed) this.#post({ type: 'notification', method, argument });
  }

  /** What the other side has sent; anything that is not of a channel is left alone. */
  receive(received: unknown): void {
    const message = received as Message | null | undefined;
    switch (message?.type) {
      case 'request':
        return void this.#answer(message);
      case 'notification':
        // It may well come when what it was about has ended, and nobody listens any more.
        return void this.#handler(message.method)?.(message.argument, new AbortController().signal);
      case 'cancel':
        return this.#answering.get(message.id)?.abort();
      case 'result':
        return this.#waiting.get(message.id)?.resolve(message.result);
      case 'error':
        return this.#waiting.get(message.id)?.reject(receivedError(message.error, this.options.code));
    }
  }

  /** The other side has ended: whatever waits for it, or will, is rejected. */
  close(reason: OneginError): void {
    this.#closed = reason;
    for (const { reject } of this.#waiting.values()) reject(reason);
    for (const controller of this.#answering.values()) controller.abort(reason);
  }

  /** Ends the other side, where it is this side's to end. */
  kill(_reason?: OneginError | null): void {}

  async #answer({ id, method, argument }: Extract<Message, { type: 'request' }>): Promise<void> {
    const controller = new AbortController();
    this.#answering.set(id, controller);
    try {
      const handler = this.#handler(method);
      if (!handler) throw new OneginError('internal', `nothing answers the request ${method}`);
      this.#post({ type: 'result', id, result: await handler(argument, controller.signal) });
    } catch (error) {
      this.#post({ type: 'error', id, error: sentError(error) });
    } finally {
      this.#answering.delete(id);
    }
  }

  #handler(method: string) {
    if (!Object.hasOwn(this.#handlers, method)) return undefined;
    const handler = this.#handlers[method as keyof Ours] as (
      argument: unknown,
      signal: AbortSignal,
    ) => unknown;
    return (argument: unknown, signal: AbortSignal) => this.#inContext(handler, argument, signal);
  }

  #late(method: string, ms: number): OneginError {
    const { name, code } = this.options;
    return new OneginError(code, `${name} did not answer ${method} within ${ms / 1000} s`);
  }

  #rest(): void {
    const { idleMs } = this.options;
    if (idleMs === undefined || this.#waiting.size > 0 || this.#closed) return;
    this.#idle = setTimeout(() => this.kill(), idleMs).unref();
  }
}
