/** Reads ECharts options in specs, whose types allow one component or many everywhere. */
import type { EChartsOption } from 'echarts';

type Component = Record<string, unknown>;

const many = (part: unknown): Component[] =>
  part === undefined ? [] : ((Array.isArray(part) ? part : [part]) as Component[]);

export interface SeriesOption extends Component {
  readonly type: string;
  readonly name: string;
  readonly data: readonly unknown[];
}

export const seriesOf = (option: EChartsOption): SeriesOption[] =>
  many(option.series) as unknown as SeriesOption[];

export function seriesNamed(option: EChartsOption, name: string): SeriesOption {
  const found = seriesOf(option).find((series) => series.name === name);
  if (!found)
    throw new Error(
      `no series '${name}', found ${seriesOf(option)
        .map((s) => s.name)
        .join(', ')}`,
    );
  return found;
}

export const axesOf = (option: EChartsOption, axis: 'xAxis' | 'yAxis'): Component[] => many(option[axis]);

/** Every title: heading, summary, note, empty form, panel titles. */
export const textsOf = (option: EChartsOption): string[] =>
  many(option.title)
    .flatMap(({ text, subtext }) => [text, subtext])
    .filter((text) => text) as string[];

/** The values of items that are `{ value }` or bare. */
export const valuesOf = ({ data }: SeriesOption): number[][] =>
  data.map((item) => (Array.isArray(item) ? item : (item as { value: number[] }).value) as number[]);

/** What the tooltip says of an item. */
export function tooltipOf(option: EChartsOption, at: unknown): string {
  const { formatter } = many(option.tooltip)[0] as { formatter: (at: unknown) => string };
  return formatter(at);
}

/** A label's formatter on the value. */
export const labelOf = (axis: Component, value: number): string =>
  (axis['axisLabel'] as { formatter: (value: number) => string }).formatter(value);

/** Every number in plain data; functions and texts are passed over. */
export function numbersIn(part: unknown): number[] {
  if (typeof part === 'number') return [part];
  if (part === null || typeof part !== 'object') return [];
  return Object.values(part).flatMap(numbersIn);
}
