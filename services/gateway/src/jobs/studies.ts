/** The studies this gateway looks at: from its memory, from Redis, or from the archive. */
import { jobIdSchema, OneginError, type BatchProgress, type StudyState } from '@onegin/contracts';
import type { Archive } from './archive.ts';
import { FollowedStudy } from './followed-study.ts';
import type { JobLog, JobSignals } from './job-log.ts';

/** So many studies that nobody watches are kept in memory. */
const IDLE_KEPT = 24;

interface Watch {
  readonly study: FollowedStudy;
  readonly watchers: number;
  readonly stopListening: (() => void) | null;
}

export interface Watched {
  readonly study: FollowedStudy;
  release(): void;
}

export class Studies {
  private readonly log: JobLog;
  private readonly signals: JobSignals;
  private readonly archive: Archive;
  /** By job, the least recently used first. */
  private readonly known = new Map<string, FollowedStudy>();
  private readonly loading = new Map<string, Promise<FollowedStudy>>();
  private readonly watched = new Map<string, Watch>();
  private readonly progressListeners = new Set<(progress: BatchProgress) => void>();

  constructor(log: JobLog, signals: JobSignals, archive: Archive) {
    this.log = log;
    this.signals = signals;
    this.archive = archive;
    signals.onGap(() => {
      for (const { study } of this.watched.values()) this.catchUpLater(study);
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

  /** Follows the study as it goes on until released. */
  async watch(jobId: string): Promise<Watched> {
    const study = await this.study(jobId);
    await this.addWatcher(study);
    return { study, release: once(() => this.removeWatcher(study.jobId)) };
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

  private async addWatcher(study: FollowedStudy): Promise<void> {
    const { jobId } = study;
    const before = this.watched.get(jobId);
    this.watched.set(jobId, {
      study,
      watchers: (before?.watchers ?? 0) + 1,
      stopListening: before?.stopListening ?? null,
    });
    if (before || study.ended) return;
    const stopListening = await this.signals.listen(jobId, {
      changed: () => this.catchUpLater(study),
      progress: (progress) => this.progressListeners.forEach((listener) => listener(progress)),
    });
    const now = this.watched.get(jobId);
    if (!now) return stopListening();
    this.watched.set(jobId, { ...now, stopListening });
    // What was appended between the load and the subscription made no sound.
    await study.catchUp();
  }

  private removeWatcher(jobId: string): void {
    const watch = this.watched.get(jobId);
    if (!watch) return;
    if (watch.watchers > 1) {
      this.watched.set(jobId, { ...watch, watchers: watch.watchers - 1 });
      return;
    }
    this.watched.delete(jobId);
    watch.stopListening?.();
    this.forgetIdle();
  }

  /** Redis being away is no reason to give up: the gap signal comes when it is back. */
  private catchUpLater(study: FollowedStudy): void {
    study.catchUp().catch(() => undefined);
  }
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (!done) action();
    done = true;
  };
}
