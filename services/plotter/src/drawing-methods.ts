/** What the plotter asks of its drawing process. */
import type { StudyState } from '@onegin/contracts';

/** What charts are drawn from. Metrics are passed on as they were stored: parsing them is work for the process. */
export type DrawingSource =
  | { readonly target: 'trial'; readonly metrics: Uint8Array }
  | { readonly target: 'study'; readonly state: StudyState };

export interface DrawnChart {
  /** UTF-8. */
  readonly svg: Uint8Array;
  readonly png: Uint8Array;
}

export interface DrawingMethods {
  /** Answers which charts can be drawn of it, in the order of the catalogue. */
  load(what: { source: DrawingSource; theme: string }): string[];
  /** Draws one chart of what was loaded. */
  draw(chart: string): { drawn: DrawnChart; memoryBytes: number };
}
