/**
 * A plotter's task, from taking it to letting go of it. May run twice for the same task, even on two plotters at once:
 * what is stored is found again and not drawn twice, and the log accepts each step once.
 */
import type { ArtifactStore } from '@onegin/artifacts';
import { failureOf, OneginError } from '@onegin/contracts';
import type { ArtifactRef, Failure, NewStudyEvent, PlotJob } from '@onegin/contracts';
import {
  appendAndAdvance,
  watchControl,
  type TaskContext,
  type Logger,
  type ServiceKit,
  type SubjectRecords,
  type Subscriptions,
  type TypedQueue,
} from '@onegin/service-kit';
import type { PlotterConfig } from './config.ts';
import type { DrawingPool } from './drawing-peer.ts';
import { DrawingSet } from './drawing-set.ts';
import { PlotStore } from './plot-store.ts';
import type { PlotEnd, PlotterMeasures } from './plotter-metrics.ts';

export interface PlotterParts {
  readonly kit: Pick<ServiceKit, 'log' | 'logger' | 'redis' | 'shutdown'>;
  readonly studies: TypedQueue<'studies'>;
  readonly subscriptions: Subscriptions;
  readonly store: ArtifactStore;
  readonly drawings: DrawingPool;
  readonly config: Pick<PlotterConfig, 'theme' | 'chartTimeoutMs' | 'storeAttempts'>;
  readonly measures: PlotterMeasures;
}

export async function processPlotJob(job: PlotJob, task: TaskContext, parts: PlotterParts): Promise<void> {
  const { kit } = parts;
  const logger = kit.logger.child({ jobId: job.jobId, plots: job.target, run: job.run });
  if (kit.shutdown.signal.aborted) return task.release();
  const records = await kit.log.records(job.jobId, `plots:${job.target}`);
  if (!waits(records, job)) {
    logger.info({ status: records.status, job: records.job }, 'the task is superseded');
    return;
  }
  const startedAt = performance.now();
  const end = await run(job, records, task, parts, logger);
  const seconds = (performance.now() - startedAt) / 1000;
  parts.measures.setEnded(end, seconds);
  logger.info({ end, seconds }, 'finished with the charts');
  if (end === 'released') await task.release();
}

async function run(
  job: PlotJob,
  records: SubjectRecords,
  task: TaskContext,
  parts: PlotterParts,
  logger: Logger,
): Promise<PlotEnd> {
  const cancelling = new AbortController();
  const cancelled = cancelling.signal;
  const { kit, subscriptions } = parts;
  const unwatch = await watchControl(
    { redis: kit.redis.blocking, subscriptions },
    { jobId: job.jobId, target: 'plots' },
    () => cancelling.abort(),
  );
  try {
    const stop = AbortSignal.any([task.signal, kit.shutdown.signal, cancelled]);
    return await new PlotRun(job, records, { stop, cancelled }, parts, logger).run();
  } finally {
    unwatch();
  }
}

const waits = ({ job, cancelRequested, status, counter }: SubjectRecords, { run }: PlotJob): boolean =>
  (job === 'running' || job === 'finalizing') && !cancelRequested && status === 'queued' && counter === run;

/** The refusal that means that this chart was reported already. All others end the work. */
const REPORTED = 'epoch';

interface Signals {
  /** Ends the pass after the chart that is being drawn. */
  readonly stop: AbortSignal;
  /** Nor is that chart wanted any more. */
  readonly cancelled: AbortSignal;
}

/** One pass over the charts of a target. */
class PlotRun {
  readonly #job: PlotJob;
  readonly #records: SubjectRecords;
  readonly #parts: PlotterParts;
  readonly #logger: Logger;
  readonly #signals: Signals;
  readonly #store: PlotStore;
  readonly #artifacts: ArtifactRef[] = [];
  readonly #failures: { chart: string; failure: Failure }[] = [];

  constructor(job: PlotJob, records: SubjectRecords, signals: Signals, parts: PlotterParts, logger: Logger) {
    this.#job = job;
    this.#records = records;
    this.#parts = parts;
    this.#logger = logger;
    this.#signals = signals;
    const { storeAttempts: attempts } = parts.config;
    this.#store = new PlotStore(parts.store, job, { attempts, signal: signals.stop, logger });
  }

  async run(): Promise<PlotEnd> {
    try {
      return await this.#all();
    } catch (error) {
      if (this.#signals.stop.aborted) return this.#stopped();
      const failure = failureOf(error, 'plots-failed');
      this.#logger.warn(failure, 'the charts cannot be made');
      return (await this.#append({ type: 'PlotsFailed', ...this.#subject, ...failure }))
        ? 'failed'
        : 'superseded';
    }
  }

  async #all(): Promise<PlotEnd> {
    const present = await this.#store.present();
    const set = await this.#open();
    for (const [i, chart] of set.charts.entries()) {
      if (this.#signals.stop.aborted) return this.#stopped();
      await this.#one(chart, set, present.get(chart));
      if (!(await this.#report(chart, i + 1, set.charts.length))) return 'superseded';
    }
    return this.#finish();
  }

  async #open(): Promise<DrawingSet> {
    const { config, drawings } = this.#parts;
    const source = await this.#source();
    this.#signals.stop.throwIfAborted();
    return DrawingSet.open(drawings, source, { ...config, stop: this.#signals.cancelled });
  }

  async #source() {
    const { jobId, target, metrics } = this.#job;
    if (target === 'study') {
      const state = await this.#parts.kit.log.load(jobId);
      if (!state) throw new OneginError('job-unknown', `there is no job ${jobId}`);
      return { target: 'study' as const, state };
    }
    if (!metrics)
      throw new OneginError('artifact-missing', `trial ${target} stored no metrics to draw charts from`);
    return { target: 'trial' as const, metrics: await this.#store.metrics(metrics) };
  }

  /** Draws and stores a chart, unless it is there. One that cannot be drawn doesn't take the others with it. */
  async #one(chart: string, set: DrawingSet, present: ArtifactRef[] | undefined): Promise<void> {
    if (present) {
      this.#artifacts.push(...present);
      return;
    }
    const startedAt = performance.now();
    const record = (outcome: 'drawn' | 'failed') =>
      this.#parts.measures.chartDrawn(outcome, (performance.now() - startedAt) / 1000);
    let drawn;
    try {
      drawn = await set.draw(chart);
      record('drawn');
    } catch (error) {
      if (this.#signals.stop.aborted) throw error;
      record('failed');
      const failure = failureOf(error, 'plots-failed');
      this.#logger.warn({ chart, ...failure }, 'the chart cannot be drawn');
      this.#failures.push({ chart, failure });
      return;
    }
    this.#artifacts.push(...(await this.#store.put(chart, drawn)));
  }

  /** Whether the log still needs this set. */
  async #report(chart: string, done: number, total: number): Promise<boolean> {
    // An earlier pass got this far.
    if (done <= this.#records.epoch) return true;
    return this.#append({ type: 'PlotsProgressed', ...this.#subject, chart, done, total });
  }

  async #finish(): Promise<PlotEnd> {
    const [first] = this.#failures;
    if (first && this.#artifacts.length === 0)
      throw new OneginError(first.failure.code, first.failure.message);
    for (const { chart, failure } of this.#failures)
      await this.#append({ type: 'Warning', code: failure.code, message: this.#notDrawn(chart, failure) });
    const ready = { type: 'PlotsReady', ...this.#subject, artifacts: this.#artifacts } as const;
    return (await this.#append(ready)) ? 'ready' : 'superseded';
  }

  #notDrawn(chart: string, { message }: Failure): string {
    const { target } = this.#job;
    const of = target === 'study' ? 'the study' : `trial ${target}`;
    return `the chart ${chart} of ${of} could not be drawn: ${message}`.slice(0, 2000);
  }

  get #subject() {
    return { target: this.#job.target, run: this.#job.run };
  }

  #stopped(): PlotEnd {
    return this.#parts.kit.shutdown.signal.aborted ? 'released' : 'superseded';
  }

  /** Whether the event is in the log: appended now or earlier. */
  async #append(event: NewStudyEvent): Promise<boolean> {
    const { kit, studies } = this.#parts;
    const { refusals } = await appendAndAdvance({ log: kit.log, studies }, this.#job.jobId, [event], false);
    return refusals[0] === null || refusals[0] === REPORTED;
  }
}
