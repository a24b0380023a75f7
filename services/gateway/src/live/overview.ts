/** The list of jobs and the trainers, live, for all clients that look at them: read once for all. */
import type { JobSummary, TrainerHeartbeat } from '@onegin/contracts';
import type { GatewayParts } from '../gateway-parts.ts';
import type { LiveIo, LiveSocket } from './live-types.ts';

const ROOM = 'overview';
/** So many of the newest jobs a client is sent at first. */
const JOBS_AT_FIRST = 50;
const REFRESH_MS = 1000;

export class Overview {
  private readonly io: LiveIo;
  private readonly parts: GatewayParts;
  private readonly members = new Set<LiveSocket>();
  private readonly changed = new Set<string>();
  private trainersText = '';
  private timer: NodeJS.Timeout | null = null;
  private refreshing = false;
  private listening: Promise<() => void> | null = null;

  constructor(io: LiveIo, parts: GatewayParts) {
    this.io = io;
    this.parts = parts;
  }

  async join(socket: LiveSocket): Promise<void> {
    this.members.add(socket);
    try {
      await this.start();
      void socket.join(ROOM);
      const [{ jobs }, trainers] = await Promise.all([
        this.parts.jobList.page(JOBS_AT_FIRST),
        this.parts.trainers(),
      ]);
      socket.emit('jobs', { jobs });
      socket.emit('trainers', { trainers });
      // While the page was read a newer word may have gone out before it; the next beat says it again.
      for (const { jobId, endedAt } of jobs) if (endedAt === null) this.changed.add(jobId);
    } catch (error) {
      this.leave(socket);
      throw error;
    }
  }

  leave(socket: LiveSocket): void {
    void socket.leave(ROOM);
    if (this.members.delete(socket)) this.stopIfEmpty();
  }

  close(): void {
    this.members.clear();
    this.stopIfEmpty();
  }

  private async start(): Promise<void> {
    this.listening ??= this.parts.signals.listenToAll((jobId) => this.changed.add(jobId));
    try {
      await this.listening;
    } catch (error) {
      this.listening = null;
      throw error;
    }
    this.timer ??= setInterval(() => void this.refresh(), REFRESH_MS);
  }

  private stopIfEmpty(): void {
    if (this.members.size > 0) return;
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    this.changed.clear();
    this.listening?.then((stop) => stop()).catch(() => undefined);
    this.listening = null;
  }

  private async refresh(): Promise<void> {
    if (this.refreshing) return;
    this.refreshing = true;
    const ids = [...this.changed];
    this.changed.clear();
    try {
      const [jobs, trainers] = await Promise.all([this.parts.jobList.summaries(ids), this.parts.trainers()]);
      this.send(jobs, trainers);
    } catch {
      // Redis is away: the same jobs are asked for again with the next beat.
      for (const id of ids) this.changed.add(id);
    } finally {
      this.refreshing = false;
    }
  }

  private send(jobs: JobSummary[], trainers: TrainerHeartbeat[]): void {
    if (jobs.length > 0) this.io.to(ROOM).emit('jobs', { jobs });
    const text = JSON.stringify(trainers);
    if (text !== this.trainersText) this.io.to(ROOM).emit('trainers', { trainers });
    this.trainersText = text;
  }
}
