/**
 * Every chart there is, the most telling first: what it shows, what it needs, and how to make it.
 * Plotter, gateway and browser all go by this list.
 */
import type { StudyChart, TrialChart } from './chart-kind.ts';
import { studyCharts } from './study-charts.ts';
import { trialCharts } from './trial-charts.ts';

export const chartCatalog: readonly (TrialChart | StudyChart)[] = [...trialCharts, ...studyCharts];

export type ChartFormat = 'svg' | 'png';

/** Kind of the artifact that holds a rendered chart. */
export const chartArtifactKind = (kind: string, format: ChartFormat): string => `plot:${kind}.${format}`;
