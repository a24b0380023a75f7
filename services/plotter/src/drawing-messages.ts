/** What plotter and drawing process say to each other. */
import type { Failure, StudyState } from '@onegin/contracts';

/** What charts are drawn from. Metrics are passed on as they were stored: parsing them is work for the child. */
export type DrawingSource =
  | { readonly target: 'trial'; readonly metrics: Uint8Array }
  | { readonly target: 'study'; readonly state: StudyState };

export type ToDrawing =
  | { type: 'load'; source: DrawingSource; theme: string }
  /** Draws one chart of what was loaded. */
  | { type: 'draw'; chart: string };

export interface DrawnChart {
  /** UTF-8. */
  readonly svg: Uint8Array;
  readonly png: Uint8Array;
}

export type FromDrawing =
  /** The charts that can be drawn of it, in the order of the catalogue. */
  | { type: 'loaded'; charts: string[] }
  | { type: 'drawn'; drawn: DrawnChart; memoryBytes: number }
  | { type: 'failed'; failure: Failure };
