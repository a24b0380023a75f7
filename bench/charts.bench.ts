/** What a study's charts cost at 10,000 trials: for the page (data and option), and for a file (SVG, PNG). */
import { lightTheme, studyCharts, studyImportance } from '@onegin/charts';
import { sampleStudy } from '@onegin/charts/testing';
import { drawSvg } from '../services/plotter/src/draw-chart.ts';
import { rasterize } from '../services/plotter/src/rasterize.ts';
import type { Bench } from './bench.ts';

/** More would be felt between an event and the picture. */
const MOST_OPTION_MS = 250;
const REPEATS = 3;

const bench: Bench = ({ number, progress }) => {
  const trials = number('trials', 10_000);
  const state = sampleStudy({ trials, epochs: 10, mode: 'health' });
  const [importanceMs, found] = timed(() => studyImportance(state));
  const choice = found.available ? { importance: found.shares } : {};
  progress(`importance: ${round(importanceMs)} ms`);
  const rows = studyCharts.map((chart) => {
    const [optionMs, file] = timed(() => chart.file(state, lightTheme, choice));
    const [svgMs, svg] = timed(() => drawSvg(file.option, file, chart.kind));
    const [pngMs] = timed(() => rasterize(svg, lightTheme.background));
    progress(chart.kind);
    return {
      chart: chart.kind,
      'data and option, ms': round(optionMs),
      'SVG, ms': round(svgMs),
      'PNG, ms': round(pngMs),
      'SVG, kB': Math.round(svg.length / 1000),
    };
  });
  const slowest = Math.max(...rows.map((row) => row['data and option, ms']));
  return {
    title: `Charts of a study of ${trials.toLocaleString('en')} trials`,
    rows,
    notes: [
      `Best of ${REPEATS} each. Importance of all parameters: ${round(importanceMs)} ms.`,
      `Limit: data and option of any chart within ${MOST_OPTION_MS} ms; the slowest took ${slowest} ms.`,
    ],
    passed: slowest <= MOST_OPTION_MS,
  };
};

/** [shortest time in ms, the result]. */
function timed<T>(work: () => T): [number, T] {
  let best = Infinity;
  let result!: T;
  for (let i = 0; i < REPEATS; i++) {
    const started = performance.now();
    result = work();
    best = Math.min(best, performance.now() - started);
  }
  return [best, result];
}

const round = (ms: number): number => Math.round(10 * ms) / 10;

export default bench;
