/** The charts of one source, drawn in a drawing process; when that dies, another one takes over at the next chart. */
import { OneginError } from '@onegin/contracts';
import type { RequestLimits } from '@onegin/service-kit/channel';
import type { PlotterConfig } from './config.ts';
import type { DrawingSource, DrawnChart } from './drawing-methods.ts';
import type { DrawingPeer, DrawingPool } from './drawing-peer.ts';

/** A source that kills this many processes is given up. */
const MOST_DEATHS = 3;
/** How long a chart may take to end when it is stopped or its time is up. */
const STOP_GRACE_MS = 300;

type SetSettings = Pick<PlotterConfig, 'theme' | 'chartTimeoutMs'> & {
  /** Aborted when the charts are not wanted any more; what is under way is then rejected with its reason. */
  readonly stop?: AbortSignal;
};

export class DrawingSet {
  /** Kinds, in the order of the catalogue. */
  readonly charts: readonly string[];
  readonly #pool: DrawingPool;
  readonly #source: DrawingSource;
  readonly #settings: SetSettings;
  #loaded: DrawingPeer;
  #deaths = 0;

  private constructor(
    charts: readonly string[],
    loaded: DrawingPeer,
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
      const peer = pool.take();
      try {
        const charts = await load(peer, source, settings);
        return new DrawingSet(charts, peer, pool, source, settings);
      } catch (error) {
        // A process that was ended from outside says nothing about the source.
        if (peer.alive || settings.stop?.aborted || deaths + 1 >= MOST_DEATHS) throw error;
      }
    }
  }

  /** @throws OneginError `plots-failed` when the chart can't be drawn; the others still can */
  async draw(chart: string): Promise<DrawnChart> {
    if (this.#deaths >= MOST_DEATHS)
      throw new OneginError('plots-failed', `not tried: drawing ended ${this.#deaths} processes`);
    const peer = this.#pool.take();
    try {
      if (peer !== this.#loaded) await load(peer, this.#source, this.#settings);
      this.#loaded = peer;
      return await peer.draw(chart, limits(this.#settings));
    } catch (error) {
      if (!peer.alive) this.#deaths++;
      throw error;
    }
  }
}

const load = (peer: DrawingPeer, source: DrawingSource, settings: SetSettings): Promise<string[]> =>
  peer.request('load', { source, theme: settings.theme }, limits(settings));

const limits = ({ chartTimeoutMs, stop }: SetSettings): RequestLimits => ({
  signal: stop,
  timeoutMs: chartTimeoutMs,
  killAfterMs: STOP_GRACE_MS,
});
