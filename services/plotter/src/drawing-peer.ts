/** The drawing process, seen from the plotter, and the one warm one that is kept. */
import type { Logger } from '@onegin/service-kit';
import { needsReplacement, Peer, PeerOnDemand, startProcess } from '@onegin/service-kit/channel';
import type { RequestLimits } from '@onegin/service-kit/channel';
import type { PlotterConfig } from './config.ts';
import type { DrawingMethods, DrawnChart } from './drawing-methods.ts';

export class DrawingPeer extends Peer<DrawingMethods> {
  /** Charts drawn so far. */
  drawn = 0;
  /** Resident memory after the last chart. */
  memoryBytes = 0;

  constructor() {
    const module = new URL('./drawing-process.ts', import.meta.url);
    super(startProcess(module), { name: 'the drawing process', code: 'plots-failed' });
  }

  /** @throws OneginError `plots-failed`: the chart can't be drawn, took too long, or killed the process */
  async draw(chart: string, limits: RequestLimits): Promise<DrawnChart> {
    const { drawn, memoryBytes } = await this.request('draw', chart, limits);
    this.drawn++;
    this.memoryBytes = memoryBytes;
    return drawn;
  }
}

export type DrawingPool = PeerOnDemand<DrawingPeer>;

export function drawingPool(
  { childCharts, childMemoryMb }: Pick<PlotterConfig, 'childCharts' | 'childMemoryMb'>,
  logger: Logger,
): DrawingPool {
  const start = (reason: string | null): DrawingPeer => {
    if (reason) logger.info({ reason }, 'the drawing process is replaced');
    const peer = new DrawingPeer();
    logger.info({ pid: peer.pid }, 'drawing process started');
    return peer;
  };
  const limits = { uses: childCharts, memoryMb: childMemoryMb };
  return new PeerOnDemand(start, ({ alive, drawn, memoryBytes }) =>
    needsReplacement({ alive, uses: drawn, memoryBytes }, limits),
  );
}
