import {
  afterNextRender,
  Component,
  computed,
  DestroyRef,
  effect,
  type ElementRef,
  inject,
  input,
  output,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import type { Architecture } from '@onegin/contracts';
import { DIAGRAM_TOOLS } from './diagram/diagram-tools.ts';
import type { DiagramLayout, Room } from './diagram/diagram-layout.ts';
import type { DiagramView, Marks } from './diagram/diagram-view.ts';
import type { Look } from './model/paint.ts';
import type { ElkEngine } from './diagram/elk-engine.ts';
import { prefersLessMotion } from './motion.ts';

/** Narrower frames show the network from top to bottom. */
const NARROW_PX = 600;
/** The shape of the frame is looked at this coarsely, so that dragging a window does not lay out again and again. */
const COARSE = 0.5;

/** The network in 2D. Its host answers keys; the view inside draws. */
@Component({
  selector: 'on-network-diagram',
  template: `
    <div #canvas class="canvas"></div>
    @if (failure(); as why) {
      <p class="note" role="alert">
        The diagram could not be laid out: {{ why }} The list of layers is complete.
      </p>
    } @else if (!layout()) {
      <div class="skeleton" aria-hidden="true"></div>
    }
  `,
  styleUrl: './stage.scss',
})
export class NetworkDiagram {
  readonly architecture = input.required<Architecture>();
  readonly look = input.required<Look>();
  readonly marks = input.required<Marks>();
  readonly chosen = output<string | null>();
  /** The layer under the pointer; null: none any more. */
  readonly pointed = output<string | null>();

  protected readonly canvas = viewChild.required<ElementRef<HTMLElement>>('canvas');
  readonly #tools = inject(DIAGRAM_TOOLS);
  readonly #view = signal<DiagramView | null>(null);
  readonly #room = signal<Room | null>(null);
  readonly #failed = signal<string | null>(null);
  readonly #placed = signal<DiagramLayout | null>(null);
  #engine: Promise<ElkEngine> | null = null;
  #observer: ResizeObserver | null = null;
  #isGone = false;

  /** What must be in sight: where the pass is, or the chosen layer. What is only pointed at is in sight already. */
  readonly #shown = computed(() => {
    const { chosen, pass } = this.marks();
    return [...pass].find(([, mark]) => mark === 'active')?.[0] ?? chosen;
  });

  readonly failure = this.#failed.asReadonly();
  /** For exports; null while ELK works. */
  readonly layout = this.#placed.asReadonly();

  constructor() {
    afterNextRender(() => void this.#open());
    effect(() => this.#arrange(this.architecture(), this.#room()));
    effect(() => {
      const layout = this.#placed();
      const view = this.#view();
      if (layout && view) untracked(() => this.#show(view, layout));
    });
    effect(() => this.#view()?.paint(this.look()));
    effect(() => {
      const marks = this.marks();
      const view = this.#view();
      if (this.#placed()) view?.mark(marks);
    });
    effect(() => {
      const shown = this.#shown();
      if (shown !== null) this.#view()?.reveal(shown, { smoothly: !prefersLessMotion() });
    });
    inject(DestroyRef).onDestroy(() => this.#close());
  }

  zoom(factor: number): void {
    this.#view()?.zoom(factor);
  }

  fit(): void {
    this.#view()?.fit();
  }

  /** Where a layer is in pixels of the diagram. */
  middleOf(id: string): { x: number; y: number } | null {
    return this.#view()?.middleOf(id) ?? null;
  }

  async #open(): Promise<void> {
    const host = this.canvas().nativeElement;
    this.#measure(host);
    this.#observer = new ResizeObserver(() => this.#measure(host));
    this.#observer.observe(host);
    try {
      const view = await this.#tools.view(host, {
        chosen: (id) => this.chosen.emit(id),
        pointed: (id) => this.pointed.emit(id),
      });
      if (this.#isGone) view.dispose();
      else this.#view.set(view);
    } catch (error) {
      this.#failed.set(sentence(error));
    }
  }

  #measure({ clientWidth: width, clientHeight: height }: HTMLElement): void {
    if (width === 0 || height === 0) return;
    this.#view()?.resize();
    const direction = width < NARROW_PX ? 'down' : 'right';
    const aspectRatio = Math.max(COARSE, Math.round(width / height / COARSE) * COARSE);
    const now = this.#room();
    if (now?.direction === direction && (direction === 'down' || now.aspectRatio === aspectRatio))
      this.#fitShown();
    else this.#room.set({ direction, aspectRatio, width });
  }

  #arrange(architecture: Architecture, room: Room | null): void {
    if (!room) return;
    this.#engine ??= this.#tools.engine();
    this.#engine
      .then((engine) => this.#tools.layout(architecture, room, engine))
      .then(
        (layout) => {
          // An older layout may come in after a newer one was asked for.
          if (!this.#isGone && this.architecture() === architecture && this.#room() === room)
            this.#placed.set(layout);
        },
        (error: unknown) => this.#failed.set(sentence(error)),
      );
  }

  #show(view: DiagramView, layout: DiagramLayout): void {
    view.show(layout, this.look());
    view.mark(this.marks());
    this.#fitShown();
  }

  /** As much as can be read, and what must be in sight. */
  #fitShown(): void {
    this.#view()?.fit();
    const shown = untracked(this.#shown);
    if (shown !== null) this.#view()?.reveal(shown, { smoothly: false });
  }

  #close(): void {
    this.#isGone = true;
    this.#observer?.disconnect();
    this.#view()?.dispose();
    void this.#engine?.then((engine) => engine.close()).catch(() => undefined);
  }
}

const sentence = (error: unknown): string =>
  `${(error instanceof Error ? error.message : String(error)).replace(/\.$/, '')}.`;
