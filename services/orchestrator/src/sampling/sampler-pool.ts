/**
 * Proposes the trials of all studies. What is proposed at once costs nothing (random, grid, QMC) and is proposed here;
 * samplers that fit models do so in threads beside the event loop, a study always in the same one, which remembers
 * its history and is told only what changed.
 */
import { availableParallelism } from 'node:os';
import { OneginError, type NewStudyEvent, type StudyConfig, type StudyState } from '@onegin/contracts';
import { Peer, PeerOnDemand, startThread } from '@onegin/service-kit/channel';
import { askView, createAsk, type HistoryView } from '@onegin/study';
import type { SamplerMethods } from './sampler-methods.ts';

const MOST_THREADS = 4;
const INSTANT: ReadonlySet<StudyConfig['request']['sampler']> = new Set(['random', 'grid', 'qmc']);

/** Proposes for one study. */
export interface SamplerSession {
  /** Events for the first of the numbers, one number at least. */
  next(state: StudyState, numbers: readonly number[]): Promise<NewStudyEvent[]>;
  end(): void;
}

export class SamplerPool {
  readonly #threads: SamplerThread[] = [];
  #sessions = 0;

  open(config: StudyConfig): SamplerSession {
    if (!INSTANT.has(config.request.sampler))
      return new ThreadSession(config, ++this.#sessions, this.#thread());
    const ask = createAsk(config);
    return { next: (state, numbers) => Promise.resolve(ask(state, numbers)), end: () => undefined };
  }

  close(): void {
    for (const thread of this.#threads)
      thread.close(new OneginError('shutting-down', 'the orchestrator is ending'));
  }

  /** The one with the fewest studies. */
  #thread(): SamplerThread {
    const free = this.#threads.find(({ sessions }) => sessions === 0);
    if (free) return free;
    if (this.#threads.length < Math.min(MOST_THREADS, availableParallelism())) {
      const thread = new SamplerThread();
      this.#threads.push(thread);
      return thread;
    }
    return this.#threads.reduce((least, thread) => (thread.sessions < least.sessions ? thread : least));
  }
}

type SamplerPeer = Peer<SamplerMethods>;

class SamplerThread extends PeerOnDemand<SamplerPeer> {
  /** Studies whose trials are proposed here. */
  sessions = 0;

  constructor() {
    const module = new URL('./sampler-worker.ts', import.meta.url);
    super(() => new Peer(startThread(module), { name: 'the sampler thread', code: 'internal' }));
  }
}

class ThreadSession implements SamplerSession {
  readonly #config: StudyConfig;
  readonly #session: number;
  readonly #thread: SamplerThread;
  /** What the session was opened on, and what it has been told; null: to be opened. */
  #open: { readonly peer: SamplerPeer; readonly view: HistoryView } | null = null;

  constructor(config: StudyConfig, session: number, thread: SamplerThread) {
    this.#config = config;
    this.#session = session;
    this.#thread = thread;
    thread.sessions++;
  }

  async next(state: StudyState, numbers: readonly number[]): Promise<NewStudyEvent[]> {
    const peer = this.#thread.take();
    // A thread that has ended took its sessions with it.
    const opening = this.#open?.peer !== peer;
    const open = opening ? { peer, view: askView(this.#config) } : this.#open!;
    this.#open = open;
    try {
      return await peer.request('propose', {
        session: this.#session,
        ...(opening && { config: this.#config }),
        numbers,
        count: state.trials.length,
        changes: open.view.changes(state),
      });
    } catch (error) {
      // What the thread knows of the study by now is uncertain.
      if (this.#open === open) this.#open = null;
      throw error;
    }
  }

  end(): void {
    this.#thread.sessions--;
    this.#open?.peer.notify('close', this.#session);
  }
}
