/** The list of jobs and the trainers, live: read once for all clients that watch them. */
import type { JobSummary, TrainerHeartbeat } from '@onegin/contracts';
import type { JobList } from '../jobs/job-list.ts';
import type { JobSignals } from '../jobs/job-signals.ts';
import type { LiveIo, LiveSocket } from './live-types.ts';

const ROOM = 'overview';
/** How many of the newest jobs a client gets at first. */
const JOBS_AT_FIRST = 50;
const REFRESH_MS = 1000;

export interface OverviewDeps {
  readonly jobList: Pick<JobList, 'page' | 'summaries'>;
  readonly signals: Pick<JobSignals, 'listenToAll'>;
  readonly trainers: () => Promise<TrainerHeartbeat[]>;
}

export class Overview {
  readonly #io: LiveIo;
  readonly #deps: OverviewDeps;
  readonly #members = new Set<LiveSocket>();
  readonly #changed = new Set<string>();
  #trainersText = '';
  #timer: NodeJS.Timeout | null = null;
  #refreshing = false;
  #listening: Promise<() => void> | null = null;

  constructor(io: LiveIo, deps: OverviewDeps) {
    this.#io = io;
    this.#deps = deps;
  }

  async join(socket: LiveSocket): Promise<void> {
    this.#members.add(socket);
    try {
      await this.#start();
      void socket.join(ROOM);
      const [{ jobs }, trainers] = await Promise.all([
        this.#deps.jobList.page(JOBS_AT_FIRST),
        this.#deps.trainers(),
      ]);
      socket.emit('jobs', { jobs });
      socket.emit('trainers', { trainers });
      // An update may have been sent while the page was read; the next refresh repeats it.
      for (const { jobId, endedAt } of jobs) if (endedAt === null) this.#changed.add(jobId);
    } catch (error) {
      this.leave(socket);
      throw error;
    }
  }

  leave(socket: LiveSocket): void {
    void socket.leave(ROOM);
    if (this.#members.delete(socket)) this.#stopIfEmpty();
  }

  close(): void {
    this.#members.clear();
    this.#stopIfEmpty();
  }

  async #start(): Promise<void> {
    this.#listening ??= this.#deps.signals.listenToAll((jobId) => this.#changed.add(jobId));
    try {
      await this.#listening;
    } catch (error) {
      this.#listening = null;
      throw error;
    }
    this.#timer ??= setInterval(() => void this.#refresh(), REFRESH_MS);
  }

  #stopIfEmpty(): void {
    if (this.#members.size > 0) return;
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.#changed.clear();
    this.#listening?.then((stop) => stop()).catch(() => undefined);
    this.#listening = null;
  }

  async #refresh(): Promise<void> {
    if (this.#refreshing) return;
    this.#refreshing = true;
    const ids = [...this.#changed];
    this.#changed.clear();
    try {
      const [jobs, trainers] = await Promise.all([this.#deps.jobList.summaries(ids), this.#deps.trainers()]);
      this.#send(jobs, trainers);
    } catch {
      // Redis is unreachable: the next refresh reads the same jobs again.
      for (const id of ids) this.#changed.add(id);
    } finally {
      this.#refreshing = false;
    }
  }

  #send(jobs: JobSummary[], trainers: TrainerHeartbeat[]): void {
    if (jobs.length > 0) this.#io.to(ROOM).emit('jobs', { jobs });
    const text = JSON.stringify(trainers);
    if (text !== this.#trainersText) this.#io.to(ROOM).emit('trainers', { trainers });
    this.#trainersText = text;
  }
}
