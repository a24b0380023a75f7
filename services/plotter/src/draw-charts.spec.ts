import { describe, expect, it } from '@jest/globals';
import { studyCharts, trialCharts } from '@onegin/charts';
import { sampleStudy, sampleTrialMetrics } from '@onegin/charts/testing';
import { openDrawings } from './draw-charts.ts';
import { readFontWidths } from './font-widths.ts';
import { fontFiles } from './fonts.ts';

const metrics = Buffer.from(JSON.stringify(sampleTrialMetrics()));
const trial = openDrawings({ target: 'trial', metrics }, 'light');
const study = openDrawings({ target: 'study', state: sampleStudy({ trials: 40, running: 2 }) }, 'dark');
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe('drawings of a trial and of a study', () => {
  it('are all charts of the catalogue for that target', () => {
    expect(trial.charts).toEqual(trialCharts.map(({ kind }) => kind));
    expect(study.charts).toEqual(studyCharts.map(({ kind }) => kind));
  });

  it.each([
    ...trial.charts.map((chart) => [chart, trial] as const),
    ...study.charts.map((chart) => [chart, study] as const),
  ])('%s gives the same bytes each time, with ids of its own', (chart, drawings) => {
    const [first, second] = [drawings.draw(chart), drawings.draw(chart)];
    expect(textOf(second.svg)).toBe(textOf(first.svg));
    expect(Buffer.compare(second.png, first.png)).toBe(0);
    const ids = textOf(first.svg).match(/\bid="[^"]*"/g) ?? [];
    for (const id of ids) expect(id).toMatch(new RegExp(`^id="${chart}-`));
  });

  it('use only characters that the packaged face has', () => {
    const has = readFontWidths(fontFiles[0]!);
    const missing = readFontWidths(fontFiles[1]!)('国');
    const words = [
      ...trial.charts.map((chart) => trial.draw(chart)),
      ...study.charts.map((chart) => study.draw(chart)),
    ]
      .flatMap(({ svg }) => [...textOf(svg).matchAll(/>([^<>]+)<\/t/g)].map(([, text]) => text!))
      .join('')
      .replace(/&[a-z#0-9]+;/g, '');
    expect([...new Set(words)].filter((character) => has(character) === missing)).toEqual([]);
  });
});
