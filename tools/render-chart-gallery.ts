/**
 * Draws every chart of the catalogue from sample data, light and dark, wide and for a phone, into
 * `.cache/chart-gallery` (or the folder given): to look at.
 *
 *   node tools/render-chart-gallery.ts [folder] [kind …]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartCatalog, darkTheme, lightTheme, type ChartTheme, type ChartView } from '@onegin/charts';
import { drawSvg } from '../services/plotter/src/draw-chart.ts';
import { rasterize } from '../services/plotter/src/rasterize.ts';
import { sampleImportance, sampleStudy } from '../packages/charts/src/testing/sample-study.ts';
import { sampleTrialMetrics } from '../packages/charts/src/testing/sample-trial.ts';

const [folder = '.cache/chart-gallery', ...kinds] = process.argv.slice(2);
const metrics = sampleTrialMetrics();
const state = sampleStudy({ trials: 120, running: 3 });
mkdirSync(folder, { recursive: true });

function draw(
  chart: (typeof chartCatalog)[number],
  theme: ChartTheme,
  width: number,
  height: number,
  name: string,
) {
  const view: ChartView = { theme, width, height, heading: true };
  const option =
    chart.target === 'trial'
      ? chart.option(metrics, view)
      : chart.option(state, view, { importance: sampleImportance });
  const svg = drawSvg(option, view);
  writeFileSync(join(folder, `${name}.svg`), svg);
  writeFileSync(join(folder, `${name}.png`), rasterize(svg, theme.background));
}

for (const chart of chartCatalog) {
  if (kinds.length > 0 && !kinds.includes(chart.kind)) continue;
  const started = performance.now();
  for (const theme of [lightTheme, darkTheme])
    draw(chart, theme, chart.size.width, chart.size.height, `${chart.kind}.${theme.name}`);
  draw(chart, lightTheme, 360, 480, `${chart.kind}.phone`);
  console.log(`${chart.kind}: ${Math.round(performance.now() - started)} ms`);
}
