/** The studies this gateway looks at: from its memory, from Redis, or from the archive. */
import { jobIdSchema, OneginError, type BatchProgress, type StudyState } from '@onegin/contracts';
import type { Archive } from './archive.ts';
import { FollowedStudy, type LogReader } from './followed-study.ts';
import type { JobSignals } from './job-signals.ts';

/** So many studies that nobody watches are kept in memory. */
const IDLE_KEPT = 48;

interface Watch {
  readonly study: FollowedStudy;
  watchers: number;
  /** Ends the subscription, once it stands. */
  readonly subscribed: Promise<() => void>;
}

export interface Watched {
  readonly study: FollowedStudy;
  /** To be called once. */
  release(): void;
}

export class Studies {
  private readonly log: LogReader;
  private readonly signals: JobSignals;
  private readonly archive: Archive;
  /** By job, the least recently used first. */
  private readonly known = new Map<string, FollowedStudy>();
  private readonly loading = new Map<string, Promise<FollowedStudy>>();
  private readonly watched = new Map<string, Watch>();
  private readonly progressListeners = new Set<(progress: BatchProgress) => void>();

  constructor(log: LogReader, signals: JobSignals, archive: Archive) {
    this.log = log;
    this.signals = signals;
    this.archive = archive;
    signals.onGap(() => {
      for (const study of this.known.values()) study.recheck().catch(() => undefined);
    });
  }

  /**
   * The study with all that its log holds now.
   * @throws OneginError `job-unknown`
   */
  async study(jobId: string): Promise<FollowedStudy> {
    const known = this.known.get(jobId);
    if (!known) return this.load(jobId);
    this.known.delete(jobId);
    this.known.set(jobId, known);
    await known.catchUp();
    return known;
  }

  async state(jobId: string): Promise<StudyState> {
    return (await this.study(jobId)).state;
  }

  /** Follows the study as it goes on, until released. However many watch it, it is followed once. */
  async watch(jobId: string): Promise<Watched> {
    const found = await this.study(jobId);
    const watch = this.watched.get(jobId) ?? this.follow(found);
    watch.watchers++;
    try {
      await watch.subscribed;
      // What was appended between the load and the subscription made no sound.
      await watch.study.catchUp();
    } catch (error) {
      this.release(watch);
      throw error;
    }
    return { study: watch.study, release: () => this.release(watch) };
  }

  /** A job that is removed for good: nothing of it stays in memory. */
  forget(jobId: string): void {
    if (!this.watched.has(jobId)) this.known.delete(jobId);
  }

  /** Called with the progress inside epochs of the studies that are watched. */
  onProgress(listener: (progress: BatchProgress) => void): void {
    this.progressListeners.add(listener);
  }

  get watchedCount(): number {
    return this.watched.size;
  }

  private load(jobId: string): Promise<FollowedStudy> {
    const running = this.loading.get(jobId);
    if (running) return running;
    const loading = this.read(jobId).finally(() => this.loading.delete(jobId));
    this.loading.set(jobId, loading);
    return loading;
  }

  private async read(jobId: string): Promise<FollowedStudy> {
    const state = jobIdSchema.safeParse(jobId).success
      ? ((await this.log.load(jobId)) ?? (await this.archive.state(jobId)))
      : null;
    if (!state) throw new OneginError('job-unknown', `there is no job ${JSON.stringify(jobId)}`);
    const study = new FollowedStudy(this.log, state);
    this.known.set(jobId, study);
    this.forgetIdle();
    return study;
  }

  private forgetIdle(): void {
    let idle = this.known.size - this.watched.size - IDLE_KEPT;
    for (const jobId of this.known.keys()) {
      if (idle <= 0) return;
      if (this.watched.has(jobId)) continue;
      this.known.delete(jobId);
      idle--;
    }
  }

  private follow(study: FollowedStudy): Watch {
    const { jobId } = study;
    // It may have been forgotten since it was looked up; whoever asks next must find the one that is followed.
    this.known.set(jobId, study);
    const watch: Watch = {
      study,
      watchers: 0,
      subscribed: study.ended
        ? Promise.resolve(() => undefined)
        : this.signals.listen(jobId, {
            // Redis being away is no reason to give up: a gap is signalled when it is back.
            changed: () => study.catchUp().catch(() => undefined),
            progress: (progress) => this.progressListeners.forEach((listener) => listener(progress)),
          }),
    };
    this.watched.set(jobId, watch);
    return watch;
  }

  private release(watch: Watch): void {
    if (--watch.watchers > 0) return;
    const { jobId } = watch.study;
    if (this.watched.get(jobId) === watch) this.watched.delete(jobId);
    watch.subscribed.then((unsubscribe) => unsubscribe()).catch(() => undefined);
    this.forgetIdle();
  }
}
