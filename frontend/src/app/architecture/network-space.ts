import {
  afterNextRender,
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
import type { Architecture } from '@onegin/contracts';
import type { Marks } from './diagram/diagram-view.ts';
import type { Look } from './model/paint.ts';
import { blocksOf } from './scene/blocks.ts';
import { SCENE_TOOLS } from './scene/scene-tools.ts';
import type { SceneView } from './scene/scene-view.ts';

/** In a frame that is wider than this many times its height, blocks stand further apart. */
const WIDE_RATIO = 1.6;
const WIDE_SPREAD = 1.6;

/** The network in 3D. Says so where the browser has no WebGL. */
@Component({
  selector: 'on-network-space',
  template: `
    <canvas #canvas class="canvas"></canvas>
    <div #labels class="labels" aria-hidden="true"></div>
    @if (!view()) {
      <div class="skeleton" aria-hidden="true"></div>
    }
  `,
  styleUrl: './stage.scss',
})
export class NetworkSpace {
  readonly architecture = input.required<Architecture>();
  readonly look = input.required<Look>();
  readonly marks = input.required<Marks>();
  readonly chosen = output<string | null>();
  /** The layer under the pointer; null: none any more. */
  readonly pointed = output<string | null>();
  /** The browser shows no 3D; in words, why. */
  readonly unavailable = output<string>();

  protected readonly canvas = viewChild.required<ElementRef<HTMLCanvasElement>>('canvas');
  protected readonly labels = viewChild.required<ElementRef<HTMLElement>>('labels');
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef);
  readonly #tools = inject(SCENE_TOOLS);
  readonly #opened = signal<SceneView | null>(null);
  #observer: ResizeObserver | null = null;
  #isGone = false;

  protected readonly view = this.#opened.asReadonly();
  readonly #isWide = signal(false);
  readonly #spread = computed(() => (this.#isWide() ? WIDE_SPREAD : 1));
  readonly #blocks = computed(() => blocksOf(this.architecture(), this.look(), { spread: this.#spread() }));

  constructor() {
    afterNextRender(() => void this.#open());
    effect(() => {
      this.architecture();
      this.#spread();
      const view = this.#opened();
      if (view) untracked(() => view.show(this.#blocks(), this.look().theme));
    });
    effect(() => this.#opened()?.paint(this.#blocks(), this.look().theme, this.marks()));
    inject(DestroyRef).onDestroy(() => this.#close());
  }

  zoom(factor: number): void {
    this.#opened()?.zoom(factor);
  }

  fit(): void {
    this.#opened()?.fit();
  }

  turn(angle: number): void {
    this.#opened()?.turn(angle);
  }

  focusOn(id: string): void {
    this.#opened()?.focus(id);
  }

  /** What is seen now, to be saved; null before anything is. */
  picture(): HTMLCanvasElement | null {
    return this.#opened()?.picture(this.look().theme) ?? null;
  }

  async #open(): Promise<void> {
    const canvas = this.canvas().nativeElement;
    try {
      const view = await this.#tools.view(canvas, this.labels().nativeElement, {
        chosen: (id) => this.chosen.emit(id),
        pointed: (id) => this.pointed.emit(id),
        lost: () => this.unavailable.emit('the browser took the graphics context away'),
      });
      if (this.#isGone) return view.dispose();
      this.#resize(view);
      this.#opened.set(view);
      this.#observer = new ResizeObserver(() => this.#resize(view));
      this.#observer.observe(this.#host.nativeElement);
    } catch {
      if (!this.#isGone) this.unavailable.emit('this browser offers no WebGL');
    }
  }

  #resize(view: SceneView): void {
    const { clientWidth: width, clientHeight: height } = this.#host.nativeElement;
    this.#isWide.set(width > WIDE_RATIO * height);
    view.resize(width, height);
  }

  #close(): void {
    this.#isGone = true;
    this.#observer?.disconnect();
    this.#opened()?.dispose();
  }
}
