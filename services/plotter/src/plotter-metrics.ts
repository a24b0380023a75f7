/** The plotter's own metrics. */
import { outcomeLabel, SHORT_SECONDS, type Metrics } from '@onegin/service-kit';

/** `superseded`: the log needs this set no more, as the job ended or another plotter drew it. */
export type PlotEnd = 'ready' | 'failed' | 'superseded' | 'released';

export interface PlotterMeasures {
  setEnded(end: PlotEnd, seconds: number): void;
  chartDrawn(outcome: 'drawn' | 'failed', seconds: number): void;
}

export function plotterMetrics(metrics: Metrics): PlotterMeasures {
  const sets = metrics.histogram(
    'onegin_plots_seconds',
    'Time from taking a set of charts to letting go of it.',
    SHORT_SECONDS,
    ['outcome'],
  );
  const charts = metrics.histogram(
    'onegin_chart_render_seconds',
    'Time to draw one chart as SVG and PNG.',
    SHORT_SECONDS,
    ['outcome'],
  );
  for (const outcome of ['ready', 'failed', 'superseded', 'released'] as const)
    sets.zero(outcomeLabel(outcome));
  for (const outcome of ['drawn', 'failed'] as const) charts.zero({ outcome });
  return {
    setEnded: (outcome, seconds) => sets.observe(outcomeLabel(outcome), seconds),
    chartDrawn: (outcome, seconds) => charts.observe({ outcome }, seconds),
  };
}
