/** The one warm drawing process of this plotter; replaced when it died, grew or got old. */
import type { Logger } from '@onegin/service-kit';
import type { PlotterConfig } from './config.ts';
import { DrawingChild } from './drawing-child.ts';

type PoolSettings = Pick<PlotterConfig, 'childCharts' | 'childMemoryMb'>;

export class DrawingPool {
  readonly #settings: PoolSettings;
  readonly #logger: Logger;
  #child: DrawingChild | null = null;

  constructor(settings: PoolSettings, logger: Logger) {
    this.#settings = settings;
    this.#logger = logger;
  }

  take(): DrawingChild {
    const reason = this.#child && this.#unfit(this.#child);
    if (this.#child && reason === null) return this.#child;
    if (reason) this.#logger.info({ reason }, 'the drawing process is replaced');
    this.#child?.kill();
    this.#child = new DrawingChild();
    this.#logger.info({ pid: this.#child.pid }, 'drawing process started');
    return this.#child;
  }

  /** What is being drawn is not wanted any more: it may take so long to end, then the process is ended. */
  callOff(withinMs: number): void {
    const child = this.#child;
    const task = child?.task ?? null;
    if (!child || task === null) return;
    setTimeout(() => {
      // By then it may draw for another job.
      if (child.task === task) child.kill();
    }, withinMs).unref();
  }

  close(): void {
    this.#child?.kill();
    this.#child = null;
  }

  #unfit(child: DrawingChild): string | null {
    const { childCharts, childMemoryMb } = this.#settings;
    if (!child.alive) return 'it has ended';
    if (child.drawn >= childCharts) return `it has drawn ${child.drawn} charts`;
    if (child.memoryBytes > childMemoryMb * 2 ** 20)
      return `it holds ${Math.round(child.memoryBytes / 2 ** 20)} MB`;
    return null;
  }
}
