/** Boxes in CSS pixels: the chart, its panels, and the plot inside a panel's labels. */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Margins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Room for a panel's title, tick labels and axis name. */
export const PANEL_MARGINS: Margins = { left: 46, right: 14, top: 28, bottom: 42 };

export const inset = (box: Box, { left, right, top, bottom }: Margins): Box => ({
  left: box.left + left,
  top: box.top + top,
  width: Math.max(1, box.width - left - right),
  height: Math.max(1, box.height - top - bottom),
});

export interface PanelChoice {
  /** A panel is at least so wide, unless the whole box is narrower. */
  readonly minWidth: number;
  readonly maxColumns?: number;
  readonly gap?: number;
}

const GAP = 20;

/** How many panels stand beside each other: as many as fit, spread evenly over the rows. */
export function panelColumns(
  width: number,
  count: number,
  { minWidth, maxColumns = 6, gap = GAP }: PanelChoice,
): number {
  const fitting = Math.max(1, Math.floor((width + gap) / (minWidth + gap)));
  const most = Math.max(1, Math.min(count, maxColumns, fitting));
  return most <= 3 ? most : Math.min(most, Math.ceil(count / Math.ceil(count / most)));
}

/** `count` panels of one size in rows from the top left. */
export function panels(box: Box, count: number, choice: PanelChoice): Box[] {
  const { gap = GAP } = choice;
  const columns = panelColumns(box.width, count, choice);
  const rows = Math.ceil(count / columns);
  const width = (box.width - (columns - 1) * gap) / columns;
  const height = (box.height - (rows - 1) * gap) / Math.max(1, rows);
  return Array.from({ length: count }, (_, i) => ({
    left: box.left + (i % columns) * (width + gap),
    top: box.top + Math.floor(i / columns) * (height + gap),
    width,
    height,
  }));
}

/** An ECharts grid that is exactly the box: labels are outside of it, where `inset` left room. */
export const gridOf = (box: Box) => ({ ...box, outerBoundsMode: 'none' as const });
