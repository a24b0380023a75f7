export * from './theme.ts';
export * from './chart-view.ts';
export * from './chart-catalog.ts';
// Each by itself: a page that shows studies does not fetch the charts of trials.
export { studyCharts } from './study-charts.ts';
export { trialCharts } from './trial-charts.ts';
export type { ChartFile, Drawing, StudyChart, TrialChart } from './chart-kind.ts';
export { chartOption, type ChartBody } from './chart-option.ts';
export {
  escapeMarkup,
  formatCount,
  formatNumber,
  formatSeconds,
  formatShare,
  plainName,
  plural,
} from './format.ts';
export { shownRange, type ImportanceShare, type StudyChoice } from './study/scored-trials.ts';
export * from './study/contour.ts';
export * from './study/edf.ts';
export * from './study/hypervolume.ts';
export * from './study/importance.ts';
export * from './study/intermediate-values.ts';
export * from './study/optimization-history.ts';
export * from './study/parallel-areas.ts';
export * from './study/parallel-coordinates.ts';
export * from './study/parallel-positions.ts';
export * from './study/pareto-front.ts';
export * from './study/rank.ts';
export * from './study/slice.ts';
export { studyImportance, type StudyImportance } from './study/study-importance.ts';
export * from './study/timeline.ts';
export * from './trial/activation-progression.ts';
export * from './trial/confusion-matrix.ts';
export * from './trial/dead-units.ts';
export * from './trial/gradient-flow.ts';
export * from './trial/health-radar.ts';
export * from './trial/learning-rate.ts';
export * from './trial/training-history.ts';
export * from './trial/weight-distribution.ts';
