/** The studies that this gateway serves: from memory, from Redis, or from the archive. */
import { jobIdSchema, OneginError, type BatchProgress, type StudyState } from '@onegin/contracts';
import type { Archive } from './archive.ts';
import { FollowedStudy, type LogReader } from './followed-study.ts';
import type { JobSignals } from './job-signals.ts';

/** How many unwatched studies are kept in memory. */
const IDLE_KEPT = 48;

interface Watch {
  readonly study: FollowedStudy;
  watchers: number;
  /** Resolves to what ends the subscription. */
  readonly subscribed: Promise<() => void>;
}

export interface Watched {
  readonly study: FollowedStudy;
  /** Must be called exactly once. */
  release(): void;
}

export class Studies {
  readonly #log: LogReader;
  readonly #signals: JobSignals;
  readonly #archive: Archive;
  /** By job, the least recently used first. */
  readonly #known = new Map<string, FollowedStudy>();
  readonly #loading = new Map<string, Promise<FollowedStudy>>();
  readonly #watched = new Map<string, Watch>();
  readonly #progressListeners = new Set<(progress: BatchProgress) => void>();

  constructor(log: LogReader, signals: JobSignals, archive: Archive) {
    this.#log = log;
    this.#signals = signals;
    this.#archive = archive;
    signals.onGap(() => {
      for (const study of this.#known.values()) study.recheck().catch(() => undefined);
    });
  }

  /**
   * The study, up to date with its log.
   * @throws OneginError `job-unknown`
   */
  async study(jobId: string): Promise<FollowedStudy> {
    const known = this.#known.get(jobId);
    if (!known) return this.#load(jobId);
    this.#known.delete(jobId);
    this.#known.set(jobId, known);
    await known.catchUp();
    return known;
  }

  async state(jobId: string): Promise<StudyState> {
    return (await this.study(jobId)).state;
  }

  /** Follows the study until released. However many watch it, it is followed once. */
  async watch(jobId: string): Promise<Watched> {
    const found = await this.study(jobId);
    const watch = this.#watched.get(jobId) ?? this.#follow(found);
    watch.watchers++;
    try {
      await watch.subscribed;
      // Nothing announced what was appended between the load and the subscription.
      await watch.study.catchUp();
    } catch (error) {
      this.#release(watch);
      throw error;
    }
    return { study: watch.study, release: () => this.#release(watch) };
  }

  /** Drops a job that was removed for good. */
  forget(jobId: string): void {
    if (!this.#watched.has(jobId)) this.#known.delete(jobId);
  }

  /** Called with the progress inside epochs of all watched studies. */
  onProgress(listener: (progress: BatchProgress) => void): void {
    this.#progressListeners.add(listener);
  }

  get watchedCount(): number {
    return this.#watched.size;
  }

  #load(jobId: string): Promise<FollowedStudy> {
    const running = this.#loading.get(jobId);
    if (running) return running;
    const loading = this.#read(jobId).finally(() => this.#loading.delete(jobId));
    this.#loading.set(jobId, loading);
    return loading;
  }

  async #read(jobId: string): Promise<FollowedStudy> {
    const state = jobIdSchema.safeParse(jobId).success
      ? ((await this.#log.load(jobId)) ?? (await this.#archive.state(jobId)))
      : null;
    if (!state) throw new OneginError('job-unknown', `there is no job ${JSON.stringify(jobId)}`);
    const study = new FollowedStudy(this.#log, state);
    this.#known.set(jobId, study);
    this.#forgetIdle();
    return study;
  }

  #forgetIdle(): void {
    let idle = this.#known.size - this.#watched.size - IDLE_KEPT;
    for (const jobId of this.#known.keys()) {
      if (idle <= 0) return;
      if (this.#watched.has(jobId)) continue;
      this.#known.delete(jobId);
      idle--;
    }
  }

  #follow(study: FollowedStudy): Watch {
    const { jobId } = study;
    // It may have been dropped since it was looked up; later requests must find the one that is followed.
    this.#known.set(jobId, study);
    const watch: Watch = {
      study,
      watchers: 0,
      subscribed: study.ended
        ? Promise.resolve(() => undefined)
        : this.#signals.listen(jobId, {
            // After an outage of Redis, onGap catches up.
            changed: () => study.catchUp().catch(() => undefined),
            progress: (progress) => this.#progressListeners.forEach((listener) => listener(progress)),
          }),
    };
    this.#watched.set(jobId, watch);
    return watch;
  }

  #release(watch: Watch): void {
    if (--watch.watchers > 0) return;
    const { jobId } = watch.study;
    if (this.#watched.get(jobId) === watch) this.#watched.delete(jobId);
    watch.subscribed.then((unsubscribe) => unsubscribe()).catch(() => undefined);
    this.#forgetIdle();
  }
}
