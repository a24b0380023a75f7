/** The orchestrator's side of one asking thread: started when first used, started anew after it died. */
import { Worker } from 'node:worker_threads';
import type { NewStudyEvent } from '@onegin/contracts';
import type { FromThread, ToThread } from './ask-messages.ts';

interface Waiting {
  resolve(events: NewStudyEvent[]): void;
  reject(error: Error): void;
}

export class AskThread {
  #worker: Worker | null = null;
  #lastId = 0;
  readonly #waiting = new Map<number, Waiting>();
  /** Rises when the thread ends: the sessions opened on it are gone. */
  generation = 1;
  /** Studies that ask here. */
  sessions = 0;

  post(message: Exclude<ToThread, { type: 'ask' }>): void {
    // A thread that never ran, or died, knows no session that could be closed.
    if (message.type === 'close') this.#worker?.postMessage(message);
    else this.#running().postMessage(message);
  }

  ask(message: Omit<Extract<ToThread, { type: 'ask' }>, 'type' | 'id'>): Promise<NewStudyEvent[]> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#running().postMessage({ type: 'ask', id, ...message } satisfies ToThread);
    });
  }

  close(): void {
    this.#end(new Error('the orchestrator is ending'));
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL('./ask-worker.ts', import.meta.url));
    worker.unref();
    worker.on('message', (reply: FromThread) => this.#settle(reply));
    worker.on('error', (error) => this.#end(error));
    worker.on('exit', () => this.#end(new Error('the asking thread ended')));
    return (this.#worker = worker);
  }

  #settle(reply: FromThread): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('events' in reply) waiting?.resolve(reply.events);
    else waiting?.reject(new Error(`asking failed: ${reply.failed}`));
  }

  #end(error: Error): void {
    const worker = this.#worker;
    this.#worker = null;
    this.generation++;
    worker?.removeAllListeners();
    void worker?.terminate();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
