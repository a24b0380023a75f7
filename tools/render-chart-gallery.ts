/**
 * Draws every chart of the catalogue from sample data, light and dark, wide and for a phone, into
 * `.cache/chart-gallery` (or the folder given): to look at.
 *
 *   node tools/render-chart-gallery.ts [folder] [kind …]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartCatalog, darkTheme, lightTheme, type ChartFile, type ChartTheme } from '@onegin/charts';
import { drawSvg } from '../services/plotter/src/draw-chart.ts';
import { rasterize } from '../services/plotter/src/rasterize.ts';
import { sampleImportance, sampleStudy, sampleTrialMetrics } from '@onegin/charts/testing';

const [folder = '.cache/chart-gallery', ...kinds] = process.argv.slice(2);
const metrics = sampleTrialMetrics();
const state = sampleStudy({ trials: 120, running: 2, pruned: 0.5 });
const choice = { importance: sampleImportance };
mkdirSync(folder, { recursive: true });

type Chart = (typeof chartCatalog)[number];

function write(name: string, file: ChartFile, theme: ChartTheme) {
  const svg = drawSvg(file.option, file, name.split('.')[0]!);
  writeFileSync(join(folder, `${name}.svg`), svg);
  writeFileSync(join(folder, `${name}.png`), rasterize(svg, theme.background));
}

const fileOf = (chart: Chart, theme: ChartTheme): ChartFile =>
  chart.target === 'trial' ? chart.file(metrics, theme) : chart.file(state, theme, choice);

const onPhone = (chart: Chart): ChartFile =>
  chart.target === 'trial'
    ? chart.file(metrics, lightTheme, 360)
    : chart.file(state, lightTheme, choice, 360);

for (const chart of chartCatalog) {
  if (kinds.length > 0 && !kinds.includes(chart.kind)) continue;
  const started = performance.now();
  for (const theme of [lightTheme, darkTheme])
    write(`${chart.kind}.${theme.name}`, fileOf(chart, theme), theme);
  write(`${chart.kind}.phone`, onPhone(chart), lightTheme);
  console.log(`${chart.kind}: ${Math.round(performance.now() - started)} ms`);
}
