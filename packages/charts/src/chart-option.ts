/** The frame of every chart: heading, note, empty form, type, tooltip. The chart itself fills the box inside. */
import type { EChartsOption, TitleComponentOption } from 'echarts';
import { MARGIN, type ChartData, type ChartView } from './chart-view.ts';
import { plainName } from './format.ts';
import type { Box } from './layout.ts';

/** What a chart adds to its frame. `titles` stand above panels. */
export type ChartBody = Omit<EChartsOption, 'title' | 'aria' | 'textStyle'> & {
  titles?: TitleComponentOption[];
};

const HEADING_HEIGHT = 66;
const NOTE_HEIGHT = 22;
const LONGEST_LINE = 160;

/** The option of a chart; `draw` is asked only where there is something to draw. */
export function chartOption(data: ChartData, view: ChartView, draw: (box: Box) => ChartBody): EChartsOption {
  const { titles = [], ...body }: ChartBody = data.empty === null ? draw(innerBox(data, view)) : {};
  return {
    backgroundColor: view.theme.background,
    textStyle: { fontFamily: view.theme.fontFamily, color: view.theme.text, fontSize: 12 },
    ...motion(view),
    aria: { enabled: true, label: { description: ariaText(data) } },
    tooltip: tooltip(view),
    ...body,
    title: [...heading(data, view), ...emptyForm(data, view), ...note(data, view), ...titles],
  };
}

/** What is left for the chart between heading and note. */
function innerBox(data: ChartData, view: ChartView): Box {
  const top = view.heading ? HEADING_HEIGHT : 8;
  const bottom = data.note ? NOTE_HEIGHT + 4 : 8;
  return {
    left: MARGIN,
    top,
    width: Math.max(0, view.width - 2 * MARGIN),
    height: Math.max(0, view.height - top - bottom),
  };
}

function motion({ motionMs = 0 }: ChartView): EChartsOption {
  if (motionMs <= 0) return { animation: false };
  return { animation: true, animationDuration: 0, animationDurationUpdate: Math.min(200, motionMs) };
}

const ariaText = (data: ChartData): string =>
  [data.title, data.empty ?? data.summary, data.note].filter(Boolean).join('. ');

/** The tooltip's look; charts add a formatter. Its text is HTML: whatever comes from outside is escaped there. */
export function tooltip({ theme }: ChartView) {
  return {
    confine: true,
    backgroundColor: theme.background,
    borderColor: theme.rule,
    borderWidth: 1,
    padding: [8, 12] as [number, number],
    textStyle: { color: theme.text, fontSize: 12, fontFamily: theme.fontFamily },
    extraCssText: 'box-shadow: none; border-radius: 4px;',
  };
}

/** What ECharts reports of the item under the pointer. */
export interface Hovered<Value = number[]> {
  readonly name: string;
  readonly seriesName: string;
  readonly dataIndex: number;
  readonly value: Value;
}

/** The tooltip of a chart whose items explain themselves, one at a time. */
export const itemTooltip = <Value = number[]>(view: ChartView, text: (item: Hovered<Value>) => string) => ({
  ...tooltip(view),
  trigger: 'item' as const,
  formatter: (item: unknown) => text(item as Hovered<Value>),
});

function heading(data: ChartData, view: ChartView): TitleComponentOption[] {
  if (!view.heading) return [];
  const { theme } = view;
  return [
    {
      text: plainName(data.title, LONGEST_LINE),
      // What the empty form says in the middle isn't said twice.
      subtext: data.empty === null ? plainName(data.summary, LONGEST_LINE) : '',
      left: MARGIN,
      top: 14,
      padding: 0,
      itemGap: 6,
      textStyle: fitted(view, { color: theme.text, fontSize: 16, fontWeight: 600 }),
      subtextStyle: fitted(view, { color: theme.muted, fontSize: 12 }),
    },
  ];
}

/** A text that ends in … where the chart does. */
const fitted = <Style extends object>(view: ChartView, style: Style) => ({
  fontFamily: view.theme.fontFamily,
  width: view.width - 2 * MARGIN,
  overflow: 'truncate' as const,
  ...style,
});

function emptyForm(data: ChartData, view: ChartView): TitleComponentOption[] {
  if (data.empty === null) return [];
  const { theme, width } = view;
  return [
    {
      text: data.empty,
      left: 'center',
      top: 'middle',
      textStyle: {
        color: theme.muted,
        fontSize: 13,
        fontWeight: 400,
        lineHeight: 20,
        fontFamily: theme.fontFamily,
        width: Math.min(420, width - 2 * MARGIN),
        overflow: 'break',
      },
    },
  ];
}

function note(data: ChartData, view: ChartView): TitleComponentOption[] {
  if (!data.note || data.empty !== null) return [];
  return [
    {
      text: data.note,
      left: MARGIN,
      bottom: 8,
      padding: 0,
      textStyle: fitted(view, { color: view.theme.muted, fontSize: 11, fontWeight: 400 as const }),
    },
  ];
}
