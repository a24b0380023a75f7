/**
 * Proposes the trials of all studies. What is asked at once costs nothing (random, grid, QMC) and is asked here;
 * samplers that fit models ask in threads beside the event loop, a study always in the same one, which remembers
 * its history and is told only what changed.
 */
import { availableParallelism } from 'node:os';
import type { NewStudyEvent, StudyConfig, StudyState } from '@onegin/contracts';
import { askView, createAsk, type HistoryView } from '@onegin/study';
import { AskThread } from './ask-thread.ts';

const MOST_THREADS = 4;
const INSTANT: ReadonlySet<StudyConfig['request']['sampler']> = new Set(['random', 'grid', 'qmc']);

/** Asks for one study. */
export interface Asking {
  /** Events for the first of the numbers, one number at least. */
  next(state: StudyState, numbers: readonly number[]): Promise<NewStudyEvent[]>;
  end(): void;
}

export class Asker {
  readonly #threads: AskThread[] = [];
  #sessions = 0;

  open(config: StudyConfig): Asking {
    if (!INSTANT.has(config.request.sampler))
      return new ThreadAsking(config, ++this.#sessions, this.#thread());
    const ask = createAsk(config);
    return { next: (state, numbers) => Promise.resolve(ask(state, numbers)), end: () => undefined };
  }

  close(): void {
    for (const thread of this.#threads) thread.close();
  }

  /** The one with the fewest studies. */
  #thread(): AskThread {
    const free = this.#threads.find(({ sessions }) => sessions === 0);
    if (free) return free;
    if (this.#threads.length < Math.min(MOST_THREADS, availableParallelism())) {
      const thread = new AskThread();
      this.#threads.push(thread);
      return thread;
    }
    return this.#threads.reduce((least, thread) => (thread.sessions < least.sessions ? thread : least));
  }
}

class ThreadAsking implements Asking {
  readonly #config: StudyConfig;
  readonly #session: number;
  readonly #thread: AskThread;
  #view: HistoryView | null = null;
  #generation = 0;

  constructor(config: StudyConfig, session: number, thread: AskThread) {
    this.#config = config;
    this.#session = session;
    this.#thread = thread;
    thread.sessions++;
  }

  next(state: StudyState, numbers: readonly number[]): Promise<NewStudyEvent[]> {
    const session = this.#session;
    if (!this.#view || this.#generation !== this.#thread.generation) {
      this.#view = askView(this.#config);
      this.#thread.post({ type: 'open', session, config: this.#config });
      this.#generation = this.#thread.generation;
    }
    const changes = this.#view.changes(state);
    return this.#thread.ask({ session, numbers, count: state.trials.length, changes });
  }

  end(): void {
    this.#thread.sessions--;
    this.#thread.post({ type: 'close', session: this.#session });
  }
}
