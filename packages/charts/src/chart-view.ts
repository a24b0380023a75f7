/** What a chart is drawn for: a theme, a size, and what the page wants stressed. */
import type { ChartTheme } from './theme.ts';

export interface ChartView {
  readonly theme: ChartTheme;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Whether title and summary stand above the chart; a page with a heading of its own leaves them out. */
  readonly heading: boolean;
  /** Numbers of trials that the page has selected. */
  readonly selected?: readonly number[];
  /** Longest motion in milliseconds; 0 for files and for people who want none. */
  readonly motionMs?: number;
}

/** What the data of every chart says of itself. */
export interface ChartData {
  readonly title: string;
  /** One sentence with the chart's message, also for those who can't see it. */
  readonly summary: string;
  /** What would be here, where nothing can be drawn yet; null where something can. */
  readonly empty: string | null;
  /** What is left out or not to scale; null where nothing is. */
  readonly note: string | null;
  /** Height in CSS pixels that a file of this data should have, where that depends on the data. */
  readonly fileHeight?: number;
}

/** Below this width labels and panels are laid out for a phone. */
export const NARROW = 480;
export const isNarrow = (view: ChartView): boolean => view.width < NARROW;
