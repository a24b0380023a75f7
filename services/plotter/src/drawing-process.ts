/**
 * The process that draws: started by the plotter, told over IPC what to draw, ended when the plotter ends. Drawing
 * is seconds of pure computing, which must not stand on the event loop that holds the lock of a queue entry.
 */
import { OneginError, type Failure } from '@onegin/contracts';
import { openDrawings, type Drawings } from './draw-charts.ts';
import type { FromDrawing, ToDrawing } from './drawing-messages.ts';

let drawings: Drawings | undefined;

function answer(message: ToDrawing): FromDrawing {
  try {
    if (message.type === 'load') {
      drawings = undefined;
      drawings = openDrawings(message.source, message.theme);
      return { type: 'loaded', charts: [...drawings.charts] };
    }
    const drawn = drawings!.draw(message.chart);
    return { type: 'drawn', drawn, memoryBytes: process.memoryUsage.rss() };
  } catch (error) {
    return { type: 'failed', failure: failureOf(error) };
  }
}

const failureOf = (error: unknown): Failure =>
  error instanceof OneginError
    ? { code: error.code, message: error.message }
    : { code: 'plots-failed', message: error instanceof Error ? error.message : String(error) };

process.on('message', (message) => void process.send!(answer(message as ToDrawing)));
// Ctrl-C reaches the whole process group; the plotter decides when this process ends.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('disconnect', () => process.exit(0));
