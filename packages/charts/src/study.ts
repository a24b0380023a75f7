/** What a page that shows a study draws with; without the charts of trials, which such a page does not fetch. */
export { studyCharts } from './study-charts.ts';
export { trialsInAreas } from './study/parallel-areas.ts';
export { BRUSH_OPACITY } from './study/parallel-coordinates.ts';
