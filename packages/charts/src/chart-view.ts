/** What a chart is drawn for: a theme, a size, and what the page wants stressed. */
import { panelColumns, type PanelChoice } from './layout.ts';
import type { ChartTheme } from './theme.ts';

/** Around a chart, in CSS pixels. */
export const MARGIN = 16;

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
  /** Rows of panels, lanes or bars, where the data decides how many: they decide the height. */
  readonly rows?: Rows;
}

/** What stands below each other in a chart. */
export interface Rows {
  readonly count: number;
  /** Of one row, with its gap, in CSS pixels. */
  readonly height: number;
  /** Where several panels fit into a row. */
  readonly panels?: PanelChoice;
}

const HEADING_AND_NOTE = 96;
const LEAST_HEIGHT = 240;

/** The height in CSS pixels at which the chart reads well; `usual` where the data has no say in it. */
export function suitableHeight({ empty, rows }: ChartData, width: number, usual: number): number {
  if (empty !== null || !rows) return usual;
  const columns = rows.panels ? panelColumns(width - 2 * MARGIN, rows.count, rows.panels) : 1;
  return Math.max(LEAST_HEIGHT, HEADING_AND_NOTE + Math.ceil(rows.count / columns) * rows.height);
}

/** Below this width labels and panels are laid out for a phone. */
export const NARROW = 480;
export const isNarrow = (view: ChartView): boolean => view.width < NARROW;
