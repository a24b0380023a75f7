/** A stand-in for a plotter, for tests and benchmarks only: it says that charts are ready and draws none. */
import { appendAndAdvance, connectRedis, StudyLog, TypedQueue, TypedWorker } from '@onegin/service-kit';
import type { Logger } from '@onegin/service-kit';
import type { PlotJob } from '@onegin/contracts';

export interface SimulatedPlotter {
  readonly taken: readonly PlotJob[];
  close(): Promise<void>;
}

export async function startSimulatedPlotter(options: {
  redisUrl: string;
  logger: Logger;
}): Promise<SimulatedPlotter> {
  const { redisUrl, logger } = options;
  const redis = connectRedis(redisUrl, { name: 'simulated-plotter', logger });
  const log = new StudyLog(redis.blocking);
  const studies = new TypedQueue('studies', redis.blocking);
  const taken: PlotJob[] = [];
  const worker = new TypedWorker(
    'plots',
    async (job) => {
      taken.push(job);
      const { target, run } = job;
      await appendAndAdvance(
        { log, studies },
        job.jobId,
        [
          { type: 'PlotsProgressed', target, run, chart: 'simulated', done: 1, total: 1 },
          { type: 'PlotsReady', target, run, artifacts: [] },
        ],
        false,
      );
    },
    { redis: redis.blocking, logger },
  );
  await worker.start();
  return {
    taken,
    close: async () => {
      await worker.close(1000);
      redis.close();
    },
  };
}
