/** ELK in a worker of its own: a layout of hundreds of layers takes a second that the page must not stand still for. */
import ELK from 'elkjs/lib/elk-api.js';
import type { LayoutEngine } from './diagram-layout.ts';

export interface ElkEngine extends LayoutEngine {
  /** Ends the worker. */
  close(): void;
}

export function elkEngine(): ElkEngine {
  const elk = new ELK({
    workerFactory: () => new Worker(new URL('./elk.worker', import.meta.url), { type: 'module' }),
  });
  return {
    layout: (...args: Parameters<LayoutEngine['layout']>) => elk.layout(...args),
    close: () => elk.terminateWorker(),
  } as ElkEngine;
}
