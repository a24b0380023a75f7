import {
  afterRenderEffect,
  Component,
  computed,
  DestroyRef,
  effect,
  ElementRef,
  inject,
  input,
  output,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import type { AxisArea, ChartView, Drawing, ParallelAreas } from '@onegin/charts';
import type { EChartsCoreOption, EChartsType } from 'echarts/core';
import { ChartMarks } from './chart-marks.ts';
import { ChartThemes } from './chart-theme.ts';
import { DrawQueue, type DrawPart } from './draw-queue.ts';
import { loadEcharts, loadFurtherParts, needsFurtherParts, type ECharts } from './load-echarts.ts';

/** Makes the data of a chart when it is drawn, for the width of its place. */
export type DrawChart = (width: number) => Drawing;

/** What is brushed on an axis now; no area: nothing any more. */
export interface AxisBrush {
  readonly axis: string;
  readonly areas: readonly AxisArea[];
}

/** Drawn a little before it comes into sight. */
const NEARLY_VISIBLE = '200px';
/** ECharts reports a stroke at most this long after its end. */
const TOLD_WITHIN_MS = 200;
const HANDLED = ['click', 'mouseover', 'mouseout', 'axisareaselected'] as const;

/**
 * A chart of `@onegin/charts` on a canvas. It is drawn when it can be seen, at most a few times a second, never two
 * charts in one task. Points are named by their trial's number: `trialPicked` and `trialPointed` tell which.
 */
@Component({
  selector: 'on-chart',
  template: `
    <div
      #place
      role="img"
      [attr.aria-label]="label()"
      [hidden]="option() === null"
      [style.height.px]="tall()"
    ></div>
    @if (option() === null) {
      <div class="skeleton" aria-hidden="true" [style.height.px]="height()"></div>
    }
  `,
  host: {
    '(pointerdown)': 'isHeld.set(true)',
    '(document:pointerup)': 'letGo()',
    '(document:pointercancel)': 'letGo()',
  },
  styles: `
    :host {
      display: block;
      position: relative;
      min-width: 0;
    }
  `,
})
export class Chart {
  readonly draw = input.required<DrawChart>();
  /** Usually; a chart of many panels or rows takes what it needs. */
  readonly height = input(320);
  readonly label = input.required<string>();
  /** Numbers of trials to light. */
  readonly highlighted = input<readonly number[]>([]);
  readonly selected = input<readonly number[]>([]);

  readonly trialPicked = output<number>();
  /** The trial under the pointer; null: none any more. */
  readonly trialPointed = output<number | null>();
  /** Areas of axes that are brushed; a chart that is redrawn gets them back. */
  readonly areas = input<ParallelAreas>(new Map());
  /** Somebody brushed an axis, or took the brush back. */
  readonly brushed = output<AxisBrush>();

  readonly #queue = inject(DrawQueue);
  readonly #themes = inject(ChartThemes);
  readonly #element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly place = viewChild.required<ElementRef<HTMLElement>>('place');
  readonly #marks = new ChartMarks();
  readonly #width = signal(0);
  readonly #isVisible = signal(false);
  readonly #echarts = signal<ECharts | null>(null);
  readonly #hasFurther = signal(false);
  #chart: EChartsType | null = null;
  /** What the chart shows; null before the first drawing. */
  protected readonly option = signal<EChartsCoreOption | null>(null);
  protected readonly tall = signal(0);
  /** A chart that is redrawn forgets a brush in the middle of its stroke. */
  protected readonly isHeld = signal(false);

  readonly #view = computed<ChartView | null>(() =>
    this.#width() > 0 && this.#isVisible()
      ? {
          theme: this.#themes.current(),
          width: this.#width(),
          height: this.height(),
          heading: false,
          selected: this.selected(),
          motionMs: 0,
        }
      : null,
  );
  #lastView: ChartView | null = null;
  #preparedAt = 0;
  /** Since then. */
  #frames = 0;

  constructor() {
    this.#watchPlace();
    void loadEcharts().then((echarts) => this.#echarts.set(echarts));
    effect(() => {
      const [view, draw, echarts] = [this.#view(), this.draw(), this.#echarts()];
      // Read: with further parts a chart that had to wait for them can be drawn.
      this.#hasFurther();
      if (!view || !echarts || this.isHeld()) return;
      // Another size or theme is wanted at once, newer data may wait.
      const soon = view !== this.#lastView;
      this.#lastView = view;
      untracked(() => this.#queue.ask(this, () => this.#measure(draw, view), soon));
    });
    afterRenderEffect(() => {
      const [option, highlighted] = [this.option(), this.highlighted()];
      if (option) untracked(() => this.#chart && this.#marks.light(this.#chart, highlighted));
    });
    afterRenderEffect(() => {
      const [option, areas] = [this.option(), this.areas()];
      const { accent } = untracked(this.#themes.current);
      if (option) untracked(() => this.#chart && this.#marks.shade(this.#chart, areas, option, accent));
    });
  }

  // Thousands of trials make each of the two parts of a drawing a task that a person could notice; in one they would
  // keep the page from answering.

  #measure(draw: DrawChart, view: ChartView): DrawPart | null {
    // It was asked for before; the effect asks again when the stroke has ended.
    if (this.isHeld()) return null;
    const drawing = draw(view.width);
    return () => this.#show(drawing, view);
  }

  #show(drawing: Drawing, view: ChartView): void {
    const echarts = this.#echarts();
    const height = drawing.height(view.width, view.height);
    const option = drawing.option({ ...view, height }) as EChartsCoreOption;
    if (!echarts || this.isHeld()) return;
    if (needsFurtherParts(option) && !this.#hasFurther()) {
      void loadFurtherParts().then(() => this.#hasFurther.set(true));
      return;
    }
    const size = { width: view.width, height };
    this.#chart ??= this.#begin(echarts, size);
    if (this.#chart.getWidth() !== size.width || this.#chart.getHeight() !== size.height)
      this.#chart.resize(size);
    this.#preparedAt = performance.now();
    this.#frames = 0;
    this.#chart.setOption(option, true);
    this.tall.set(height);
    this.option.set(option);
  }

  #begin(echarts: ECharts, size: { width: number; height: number }): EChartsType {
    const chart = echarts.init(this.place().nativeElement, null, { renderer: 'canvas', ...size });
    for (const name of HANDLED) chart.on(name, (...args: unknown[]) => this.#tell(name, args[0]));
    chart.on('globalout', () => this.trialPointed.emit(null));
    this.#countFrames(chart);
    return chart;
  }

  /** Thousands of lines are drawn over several frames, which are most of their cost. */
  #countFrames(chart: EChartsType): void {
    chart.on('rendered', () => {
      this.#frames++;
    });
    chart.on('finished', () => {
      if (this.#frames > 1) this.#queue.took(this, performance.now() - this.#preparedAt);
      this.#frames = 0;
    });
  }

  protected letGo(): void {
    if (this.isHeld()) setTimeout(() => this.isHeld.set(false), TOLD_WITHIN_MS);
  }

  #tell(name: (typeof HANDLED)[number], event: unknown): void {
    if (name === 'axisareaselected') return this.#tellBrush(event);
    const trial = trialOf(event);
    if (name === 'mouseout') this.trialPointed.emit(null);
    else if (trial !== null && name === 'click') this.trialPicked.emit(trial);
    else if (trial !== null) this.trialPointed.emit(trial);
  }

  /** What the page puts there is silent, so this is a person. */
  #tellBrush(event: unknown): void {
    const { parallelAxisId: axis, intervals } = event as { parallelAxisId?: string; intervals?: AxisArea[] };
    if (axis === undefined) return;
    const areas = intervals ?? [];
    this.#marks.brushed(axis, areas);
    this.brushed.emit({ axis, areas });
  }

  #watchPlace(): void {
    const sizes = new ResizeObserver(([entry]) => {
      if (entry) this.#width.set(Math.round(entry.contentRect.width));
    });
    const sight = new IntersectionObserver(
      (entries) => this.#isVisible.set(entries.at(-1)?.isIntersecting ?? false),
      { rootMargin: NEARLY_VISIBLE },
    );
    sizes.observe(this.#element);
    sight.observe(this.#element);
    inject(DestroyRef).onDestroy(() => {
      sizes.disconnect();
      sight.disconnect();
      this.#queue.forget(this);
      this.#chart?.dispose();
      this.#chart = null;
    });
  }
}

function trialOf(event: unknown): number | null {
  if (typeof event !== 'object' || event === null || !('name' in event)) return null;
  return typeof event.name === 'string' && /^\d+$/.test(event.name) ? Number(event.name) : null;
}
