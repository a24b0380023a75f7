/**
 * The process that draws: started by the plotter, told what to draw, ended when the plotter ends. Drawing is seconds
 * of pure computing, which must not stand on the event loop that holds the lock of a task.
 */
import { serveParent } from '@onegin/service-kit/channel';
import { openDrawings, type Drawings } from './draw-charts.ts';
import type { DrawingMethods } from './drawing-methods.ts';

let drawings: Drawings | undefined;

serveParent<DrawingMethods>({
  load: ({ source, theme }) => {
    drawings = undefined;
    drawings = openDrawings(source, theme);
    return [...drawings.charts];
  },
  draw: (chart) => ({ drawn: drawings!.draw(chart), memoryBytes: process.memoryUsage.rss() }),
});
