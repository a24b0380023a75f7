import {
  afterRenderEffect,
  ApplicationRef,
  ChangeDetectionStrategy,
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
} from '@angular/core';
import {
  BRUSH_OPACITY,
  type AxisArea,
  type ChartView,
  type Drawing,
  type ParallelAreas,
} from '@onegin/charts';
import type { EChartsCoreOption, EChartsType } from 'echarts/core';
import { NgxEchartsDirective, provideEchartsCore } from 'ngx-echarts';
import { ChartThemes } from './chart-theme.ts';
import { DrawQueue } from './draw-queue.ts';
import { loadEcharts } from './load-echarts.ts';
import { paintBrushes } from './paint-brushes.ts';

/** Makes the data of a chart when it is drawn, for the width of its place. */
export type DrawChart = (width: number) => Drawing;

/** What is brushed on an axis now; no area: nothing any more. */
export interface AxisBrush {
  readonly axis: string;
  readonly areas: readonly AxisArea[];
}

/** Drawn a little before it comes into sight. */
const NEARLY_VISIBLE = '200px';
const NO_AXIS = 'no axis';
const HANDLED = ['click', 'mouseover', 'mouseout', 'axisareaselected'] as const;

/**
 * A chart of `@onegin/charts` on a canvas. It is drawn when it can be seen, at most a few times a second, never two
 * charts in one task. Points are named by their trial's number: `trialPicked` and `trialPointed` tell which.
 */
@Component({
  selector: 'on-chart',
  imports: [NgxEchartsDirective],
  providers: [provideEchartsCore({ echarts: loadEcharts })],
  template: `
    @if (option(); as current) {
      <div
        class="canvas"
        role="img"
        [attr.aria-label]="label()"
        [style.height.px]="tall()"
        echarts
        [options]="current"
        [initOpts]="initOptions"
        (chartInit)="begin($event)"
      ></div>
    } @else {
      <div class="skeleton" aria-hidden="true" [style.height.px]="height()"></div>
    }
  `,
  host: {
    '(pointerdown)': 'isHeld.set(true)',
    '(document:pointerup)': 'isHeld.set(false)',
    '(document:pointercancel)': 'isHeld.set(false)',
  },
  styles: `
    :host {
      display: block;
      position: relative;
      min-width: 0;
    }
    .canvas {
      width: 100%;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
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
  /** Areas of axes that are brushed; a chart that is drawn anew gets them back. */
  readonly areas = input<ParallelAreas>(new Map());
  /** Somebody brushed an axis, or took the brush back. */
  readonly brushed = output<AxisBrush>();

  private readonly app = inject(ApplicationRef);
  private readonly queue = inject(DrawQueue);
  private readonly themes = inject(ChartThemes);
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly width = signal(0);
  private readonly isVisible = signal(false);
  /** ECharts is here: a place made before would outlive a dialog that is closed meanwhile. */
  private readonly isReady = signal(false);
  private readonly chart = signal<EChartsType | null>(null);
  protected readonly option = signal<EChartsCoreOption | null>(null);
  protected readonly tall = signal(0);
  protected readonly initOptions = { renderer: 'canvas' as const };

  private readonly view = computed<ChartView | null>(() =>
    this.width() > 0 && this.isVisible()
      ? {
          theme: this.themes.current(),
          width: this.width(),
          height: this.height(),
          heading: false,
          selected: this.selected(),
          motionMs: 0,
        }
      : null,
  );
  private lastView: ChartView | null = null;
  private lit: readonly number[] = [];
  /** The brushes that the chart shows. */
  private shaded: ParallelAreas = new Map();
  private shadedOption: EChartsCoreOption | null = null;
  /** A chart that is drawn anew forgets a brush in the middle of its stroke. */
  protected readonly isHeld = signal(false);

  constructor() {
    this.watchPlace();
    void loadEcharts().then(() => this.isReady.set(true));
    effect(() => {
      const view = this.view();
      const draw = this.draw();
      // While the chart is being made the first option waits; the newest follows when it is there.
      const isComing = untracked(this.option) !== null && this.chart() === null;
      if (!view || !this.isReady() || isComing || this.isHeld()) return;
      // Another size or theme is wanted at once, newer data may wait.
      const soon = view !== this.lastView;
      this.lastView = view;
      untracked(() => this.queue.ask(this, () => this.show(draw, view), soon));
    });
    afterRenderEffect(() => {
      const chart = this.chart();
      const highlighted = this.highlighted();
      // Read: a new option forgets what was lit.
      this.option();
      if (chart) untracked(() => this.light(chart, highlighted));
    });
    afterRenderEffect(() => {
      const [chart, areas, option] = [this.chart(), this.areas(), this.option()];
      if (chart) untracked(() => this.shade(chart, areas, option));
    });
  }

  private show(draw: DrawChart, view: ChartView): void {
    // It was asked for before; the effect asks again when the stroke has ended.
    if (this.isHeld()) return;
    const drawing = draw(view.width);
    const height = drawing.height(view.width, view.height);
    this.tall.set(height);
    this.option.set(drawing.option({ ...view, height }) as EChartsCoreOption);
    // Most of a drawing's cost is ECharts': at once, so that the queue counts it.
    this.app.tick();
  }

  protected begin(chart: EChartsType): void {
    this.chart.set(chart);
    for (const name of HANDLED) chart.on(name, (...args: unknown[]) => this.tell(name, args[0]));
    chart.on('globalout', () => this.trialPointed.emit(null));
  }

  private tell(name: (typeof HANDLED)[number], event: unknown): void {
    if (name === 'axisareaselected') return this.tellBrush(event);
    const trial = trialOf(event);
    if (name === 'mouseout') this.trialPointed.emit(null);
    else if (trial !== null && name === 'click') this.trialPicked.emit(trial);
    else if (trial !== null) this.trialPointed.emit(trial);
  }

  private light(chart: EChartsType, trials: readonly number[]): void {
    if (chart.isDisposed()) return;
    if (this.lit.length > 0) chart.dispatchAction({ type: 'downplay', name: this.lit.map(String) });
    if (trials.length > 0) chart.dispatchAction({ type: 'highlight', name: trials.map(String) });
    this.lit = trials;
  }

  /** What comes from `shade` is silent, so this is a person. */
  private tellBrush(event: unknown): void {
    const { parallelAxisId: axis, intervals } = event as { parallelAxisId?: string; intervals?: AxisArea[] };
    if (axis === undefined) return;
    const areas = intervals ?? [];
    this.shaded = new Map(this.shaded).set(axis, areas);
    this.brushed.emit({ axis, areas });
  }

  /** A new option forgets what was brushed. */
  private shade(chart: EChartsType, areas: ParallelAreas, option: EChartsCoreOption | null): void {
    if (chart.isDisposed()) return;
    const shown: ParallelAreas = option === this.shadedOption ? this.shaded : new Map();
    const changed = [...new Set([...shown.keys(), ...areas.keys()])].filter((axis) => {
      const [has, wanted] = [shown.get(axis) ?? [], areas.get(axis) ?? []];
      return has !== wanted && has.length + wanted.length > 0;
    });
    // ECharts paints a brush when another axis is told; so in the end one is told that is none.
    for (const axis of changed.length > 0 ? [...changed, NO_AXIS] : [])
      chart.dispatchAction(
        { type: 'axisAreaSelect', parallelAxisId: axis, intervals: areas.get(axis) ?? [] },
        { silent: true },
      );
    const { accent } = this.themes.current();
    if (changed.length > 0)
      paintBrushes(chart, { fill: accent, stroke: accent, lineWidth: 1, opacity: BRUSH_OPACITY });
    this.shaded = areas;
    this.shadedOption = option;
  }

  private watchPlace(): void {
    const sizes = new ResizeObserver(([entry]) => {
      if (entry) this.width.set(Math.round(entry.contentRect.width));
    });
    const sight = new IntersectionObserver(
      (entries) => this.isVisible.set(entries.at(-1)?.isIntersecting ?? false),
      { rootMargin: NEARLY_VISIBLE },
    );
    sizes.observe(this.element);
    sight.observe(this.element);
    inject(DestroyRef).onDestroy(() => {
      sizes.disconnect();
      sight.disconnect();
      this.queue.forget(this);
    });
  }
}

function trialOf(event: unknown): number | null {
  if (typeof event !== 'object' || event === null || !('name' in event)) return null;
  return typeof event.name === 'string' && /^\d+$/.test(event.name) ? Number(event.name) : null;
}
