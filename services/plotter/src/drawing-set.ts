/** The charts of one source, drawn in a drawing process; when that dies, another one takes over at the next chart. */
import { OneginError } from '@onegin/contracts';
import type { PlotterConfig } from './config.ts';
import type { DrawingChild } from './drawing-child.ts';
import type { DrawingSource, DrawnChart } from './drawing-messages.ts';
import type { DrawingPool } from './drawing-pool.ts';

/** A source that kills so many processes is given up. */
const MOST_DEATHS = 3;

type SetSettings = Pick<PlotterConfig, 'theme' | 'chartTimeoutMs'>;

export class DrawingSet {
  /** Kinds, in the order of the catalogue. */
  readonly charts: readonly string[];
  readonly #pool: DrawingPool;
  readonly #source: DrawingSource;
  readonly #settings: SetSettings;
  #loaded: DrawingChild;
  #deaths = 0;

  private constructor(
    charts: readonly string[],
    loaded: DrawingChild,
    pool: DrawingPool,
    source: DrawingSource,
    settings: SetSettings,
  ) {
    this.charts = charts;
    this.#loaded = loaded;
    this.#pool = pool;
    this.#source = source;
    this.#settings = settings;
  }

  /** @throws OneginError when nothing can be drawn from the source */
  static async open(pool: DrawingPool, source: DrawingSource, settings: SetSettings): Promise<DrawingSet> {
    for (let deaths = 0; ; deaths++) {
      const child = pool.take();
      try {
        const charts = await child.load(source, settings.theme, settings.chartTimeoutMs);
        return new DrawingSet(charts, child, pool, source, settings);
      } catch (error) {
        // A process that was ended from outside says nothing about the source.
        if (child.alive || deaths + 1 >= MOST_DEATHS) throw error;
      }
    }
  }

  /** @throws OneginError `plots-failed` when the chart can't be drawn; the others still can */
  async draw(chart: string): Promise<DrawnChart> {
    const { theme, chartTimeoutMs } = this.#settings;
    if (this.#deaths >= MOST_DEATHS)
      throw new OneginError('plots-failed', `not tried: drawing ended ${this.#deaths} processes`);
    const child = this.#pool.take();
    try {
      if (child !== this.#loaded) await child.load(this.#source, theme, chartTimeoutMs);
      this.#loaded = child;
      return await child.draw(chart, chartTimeoutMs);
    } catch (error) {
      if (!child.alive) this.#deaths++;
      throw error;
    }
  }
}
