import { describe, expect, it } from '@jest/globals';
import { reduceStudy, type StudyState } from '@onegin/contracts';
import * as echarts from 'echarts';
import { chartArtifactKind, chartCatalog } from './chart-catalog.ts';
import { studyCharts } from './study-charts.ts';
import { trialCharts } from './trial-charts.ts';
import type { ChartFile } from './chart-kind.ts';
import { handSpace, handStudy } from './testing/hand-study.ts';
import { numbersIn, seriesOf, textsOf } from './testing/read-option.ts';
import { sampleImportance, sampleStudy, sampleStudyEvents } from './testing/sample-study.ts';
import { sampleTrialMetrics } from './testing/sample-trial.ts';
import { darkTheme, lightTheme, type ChartTheme } from './theme.ts';

function svgOf({ option, width, height }: ChartFile): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption(option);
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

const choice = { importance: sampleImportance };
const metrics = sampleTrialMetrics();
const study = sampleStudy({ trials: 40, running: 2 });

const filesOf = (trial: typeof metrics, state: StudyState, theme: ChartTheme = lightTheme) =>
  new Map<string, ChartFile>([
    ...trialCharts.map((chart) => [chart.kind, chart.file(trial, theme)] as const),
    ...studyCharts.map((chart) => [chart.kind, chart.file(state, theme, choice)] as const),
  ]);

const kinds = chartCatalog.map(({ kind }) => kind);

describe('the catalogue', () => {
  it('lists every chart once, the most telling first', () => {
    expect(kinds).toEqual([
      'training-history',
      'confusion-matrix',
      'gradient-flow',
      'weight-distribution',
      'activation-progression',
      'dead-units',
      'learning-rate',
      'health-radar',
      'optimization-history',
      'intermediate-values',
      'timeline',
      'parallel-coordinates',
      'slice',
      'edf',
      'rank',
      'contour',
      'importance',
      'pareto-front',
      'hypervolume',
    ]);
    expect(chartArtifactKind('edf', 'svg')).toBe('plot:edf.svg');
  });

  it.each(chartCatalog.map((chart) => [chart.kind, chart] as const))(
    '%s says in a sentence what it shows and needs',
    (_, chart) => {
      expect(chart.explanation).toMatch(/^[A-Z].{30,180}\.$/);
      expect(chart.needs).not.toMatch(/\.$/);
    },
  );
});

describe.each(kinds)('%s', (kind) => {
  it('draws series and its title, in the catalogue’s words', () => {
    const { option } = filesOf(metrics, study).get(kind)!;
    expect(seriesOf(option).length).toBeGreaterThan(0);
    expect(textsOf(option)[0]).toBe(chartCatalog.find((chart) => chart.kind === kind)!.title);
    expect((option.aria as { label: { description: string } }).label.description).toContain(
      textsOf(option)[1]!.replace(/…$/, ''),
    );
  });

  it('takes every color from the theme', () => {
    const one = '#123456';
    const themed = JSON.parse(
      JSON.stringify(lightTheme, (_, value) =>
        typeof value === 'string' && value.startsWith('#') ? one : value,
      ),
    ) as ChartTheme;
    const plain = JSON.stringify(filesOf(metrics, study, themed).get(kind)!.option);
    const colors = plain.match(/#[0-9a-f]{6}\b|#[0-9a-f]{3}\b|rgba?\([^)]*\)/gi) ?? [];
    expect(new Set(colors)).toEqual(new Set([one]));
  });

  it('has a stated empty form before there is data, and no series', () => {
    const nothing = { ...sampleTrialMetrics({ epochs: 0, layers: [], classes: [] }), health: unknownHealth };
    const { option, width, height } = filesOf(nothing, handStudy([])).get(kind)!;
    // Importance is computed elsewhere: it is empty when it was not given.
    if (kind === 'importance')
      return expect(
        studyCharts.find((c) => c.kind === kind)!.file(study, lightTheme).option.title,
      ).toMatchObject([{ subtext: '' }, {}]);
    expect(seriesOf(option)).toEqual([]);
    expect(textsOf(option)).toHaveLength(2);
    expect(textsOf(option)[1]).toMatch(/^[A-Z].*[.]$/);
    expect(svgOf({ option, width, height })).toContain(textsOf(option)[1]!.slice(0, 12));
  });

  it('draws one epoch, one trial', () => {
    const one = sampleTrialMetrics({ epochs: 1 });
    const file = filesOf(
      one,
      handStudy([
        { params: { lr: 0.01, units: 32, optimizer: 'sgd', momentum: 0.5 }, accuracy: 0.7, epochs: [0.7] },
      ]),
    ).get(kind)!;
    expect(numbersIn(file.option).every((value) => !Number.isNaN(value))).toBe(true);
    expect(svgOf(file)).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('draws a study and metrics full of missing numbers', () => {
    const file = filesOf(withGaps(), studyWithGaps()).get(kind)!;
    expect(numbersIn(file.option).every((value) => !Number.isNaN(value))).toBe(true);
    expect(svgOf(file)).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('shows names with markup as text', () => {
    const bad = '<script>alert(1)</script>&{b|x}';
    const trial = sampleTrialMetrics({ layers: [bad, 'output'], classes: [bad, 'b'] });
    const space = { ...handSpace, optimizer: { type: 'categorical' as const, choices: [bad, 'adam'] } };
    const marked = handStudy(
      [
        { params: { lr: 0.01, units: 32, optimizer: bad }, accuracy: 0.7, epochs: [0.7], trainer: bad },
        { params: { lr: 0.02, units: 16, optimizer: 'adam' }, accuracy: 0.6, epochs: [0.6], trainer: bad },
      ],
      { space },
    );
    const svg = svgOf(filesOf(trial, marked).get(kind)!);
    expect(svg).not.toContain('<script');
    expect(svg).toMatch(/^<svg [^>]*>[\s\S]*<\/svg>$/);
  });

  it('draws light and dark on their own ground', () => {
    for (const theme of [lightTheme, darkTheme])
      expect(filesOf(metrics, study, theme).get(kind)!.option.backgroundColor).toBe(theme.background);
  });
});

describe('ten thousand trials', () => {
  const large = sampleStudy({ trials: 10_000, epochs: 3, mode: 'pareto' });

  it.each(studyCharts.map((chart) => [chart.kind, chart] as const))(
    '%s stays a picture of bounded size',
    (_, chart) => {
      const { option } = chart.file(large, lightTheme, choice);
      expect(JSON.stringify(option).length).toBeLessThan(2_000_000);
    },
  );

  it('are folded from their log as any study is', () => {
    let state: StudyState | null = null;
    for (const event of sampleStudyEvents({ trials: 50 })) state = reduceStudy(state, event);
    expect(state!.counts.completed).toBeGreaterThan(20);
  });
});

const unknown = { known: false as const, value: null, reason: 'no epoch has ended' };
const unknownHealth = {
  ...metrics.health,
  neuronUtilization: unknown,
  parameterEfficiency: unknown,
  trainingStability: unknown,
  gradientHealth: unknown,
  convergenceQuality: unknown,
  accuracyConsistency: unknown,
  score: null,
  overfittingGap: null,
};

/** Metrics whose second epoch diverged: as a program holds them, NaN, and as JSON has them, null. */
function withGaps(): typeof metrics {
  const gap = (i: number) => (i === 1 ? Number.NaN : null) as number;
  const diverged = (epoch: (typeof metrics.epochs)[number], i: number) => ({
    ...epoch,
    trainLoss: gap(i),
    validationLoss: gap(i),
    trainAccuracy: gap(i),
    validationAccuracy: gap(i),
    layers: epoch.layers.map((layer) => ({
      ...layer,
      gradientNorm: gap(i),
      activationMean: gap(i),
      activationStd: gap(i),
      dead: gap(i),
      updateRatio: gap(i),
    })),
  });
  return {
    ...metrics,
    epochs: metrics.epochs.map((epoch, i) => (i === 1 || i === 2 ? diverged(epoch, i) : epoch)),
    stepLosses: [2, Number.NaN, 1],
  };
}

function studyWithGaps(): StudyState {
  const state = structuredClone(study);
  const [first, second, third] = state.trials.filter(({ status }) => status === 'completed');
  first!.values = [Number.NaN];
  second!.values = [null as unknown as number];
  third!.result = { ...third!.result!, accuracy: Number.NaN, health: unknownHealth };
  for (const summary of first!.epochs) summary.validationAccuracy = null;
  return state;
}

describe('a drawing', () => {
  const view = { theme: lightTheme, width: 360, height: 380, heading: false };

  it('takes the room that its panels need on a phone, and never less than usual', () => {
    const slice = studyCharts.find(({ kind }) => kind === 'slice')?.drawing(study);
    expect(slice?.height(360, 380)).toBeGreaterThan(1000);
    expect(slice?.height(360, 5000)).toBe(5000);
    const edf = studyCharts.find(({ kind }) => kind === 'edf')?.drawing(study);
    expect(edf?.height(360, 380)).toBe(380);
  });

  it('draws what its file draws', () => {
    for (const chart of trialCharts)
      expect(seriesOf(chart.drawing(metrics).option(view)).length).toBe(
        seriesOf(chart.file(metrics, lightTheme, 360).option).length,
      );
  });
});

describe('the trials that count', () => {
  // The timeline is about trainers, and what is important is computed elsewhere.
  const others = studyCharts.filter(({ kind }) => kind !== 'timeline' && kind !== 'importance');
  const option = (chart: (typeof studyCharts)[number], only?: ReadonlySet<number>) =>
    JSON.stringify(chart.file(study, lightTheme, { ...choice, ...(only && { only }) }).option);

  it.each(others.map((chart) => [chart.kind, chart] as const))('%s draws them and no others', (_, chart) => {
    const all = new Set(study.trials.map(({ number }) => number));
    const half = new Set([...all].filter((number) => number % 2 === 0));
    expect(option(chart, all)).toBe(option(chart));
    expect(option(chart, half)).not.toBe(option(chart));
    expect(() => option(chart, new Set())).not.toThrow();
  });
});
