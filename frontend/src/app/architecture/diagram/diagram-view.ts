/** The diagram on the screen: Cytoscape with positions from ELK. Fetched when a diagram is first looked at. */
import cytoscape, { type Core } from 'cytoscape';
import type { Look } from '../model/paint.ts';
import type { LayerMark, PassPhase } from '../model/pass.ts';
import { cytoscapeElements, paintData } from './cytoscape-elements.ts';
import { cytoscapeStyle } from './cytoscape-style.ts';
import { LEAST_READABLE, type DiagramLayout } from './diagram-layout.ts';

export interface Marks {
  readonly chosen: string | null;
  /** The layer under the pointer, or that has the focus in the list. */
  readonly pointed: string | null;
  readonly pass: ReadonlyMap<string, LayerMark>;
  readonly phase: PassPhase | null;
}

export interface DiagramEvents {
  /** A layer was clicked, or the ground. */
  chosen(id: string | null): void;
  /** The pointer came over a layer, or left it. */
  pointed(id: string | null): void;
}

const MARK_CLASSES = 'active passed ahead chosen backward pointed near';
const LARGEST = 1.15;

export class DiagramView {
  readonly #core: Core;
  #layout: DiagramLayout | null = null;

  constructor(host: HTMLElement, events: DiagramEvents) {
    this.#core = cytoscape({
      container: host,
      autoungrabify: true,
      autounselectify: true,
      boxSelectionEnabled: false,
      minZoom: 0.05,
      maxZoom: 3,
      // The page scrolls under a wheel; with Ctrl, as in maps, the diagram zooms.
      userZoomingEnabled: false,
    });
    this.#core.on('tap', ({ target }) => events.chosen(target === this.#core ? null : layerOf(target)));
    this.#core.on('mouseover', 'node, edge', ({ target }) => this.#point(host, events, layerOf(target)));
    this.#core.on('mouseout', 'node, edge', () => this.#point(host, events, null));
    host.addEventListener('wheel', (event) => this.#core.userZoomingEnabled(event.ctrlKey || event.metaKey), {
      capture: true,
      passive: true,
    });
    // Two fingers zoom, one moves.
    host.addEventListener('touchstart', ({ touches }) => this.#core.userZoomingEnabled(touches.length > 1), {
      capture: true,
      passive: true,
    });
  }

  show(layout: DiagramLayout, look: Look): void {
    this.#layout = layout;
    this.#core.batch(() => {
      this.#core.elements().remove();
      this.#core.add(cytoscapeElements(layout));
    });
    this.paint(look);
  }

  paint({ paints, theme, mode }: Look): void {
    const layout = this.#layout;
    if (!layout) return;
    this.#core.batch(() => {
      for (const { id, title } of layout.nodes) {
        const paint = paints.get(id);
        if (paint) this.#core.getElementById(id).data(paintData(title, paint));
      }
    });
    this.#core.style(cytoscapeStyle(theme, mode, layout.direction));
  }

  mark({ chosen, pointed, pass, phase }: Marks): void {
    this.#core.batch(() => {
      this.#core.elements().removeClass(MARK_CLASSES);
      for (const [id, mark] of pass) this.#core.getElementById(id).addClass(mark);
      if (phase === 'backward') this.#core.edges('.active, .passed').addClass('backward');
      const lit = pointed ?? chosen;
      if (lit !== null) this.#core.getElementById(lit).closedNeighborhood().addClass('near');
      if (pointed !== null) this.#core.getElementById(pointed).addClass('pointed');
      if (chosen !== null) this.#core.getElementById(chosen).addClass('chosen');
    });
  }

  /** Brings a layer into view without changing how large things are. */
  reveal(id: string, { smoothly }: { smoothly: boolean }): void {
    const node = this.#core.getElementById(id);
    if (node.empty()) return;
    const { x1, x2, y1, y2 } = node.renderedBoundingBox();
    if (x1 >= 0 && y1 >= 0 && x2 <= this.#core.width() && y2 <= this.#core.height()) return;
    if (smoothly) this.#core.animate({ center: { eles: node } }, { duration: 160 });
    else this.#core.center(node);
  }

  zoom(factor: number): void {
    const middle = { x: this.#core.width() / 2, y: this.#core.height() / 2 };
    this.#core.zoom({ level: this.#core.zoom() * factor, renderedPosition: middle });
  }

  /** All of it where that can be read; otherwise readable, from the input on. */
  fit(): void {
    const core = this.#core;
    const layout = this.#layout;
    if (!layout || layout.width === 0) return;
    const wide = core.width() / layout.width;
    const high = core.height() / layout.height;
    const whole = Math.min(wide, high, LARGEST);
    const level = whole >= LEAST_READABLE ? whole : Math.max(LEAST_READABLE, Math.min(wide, 1));
    const free = (room: number, size: number) => Math.max(0, (room - size * level) / 2);
    core.viewport({
      zoom: level,
      pan: { x: free(core.width(), layout.width), y: free(core.height(), layout.height) },
    });
  }

  resize(): void {
    this.#core.resize();
  }

  /** For tests and debugging: where a layer is, in pixels of the host. */
  middleOf(id: string): { x: number; y: number } | null {
    const node = this.#core.getElementById(id);
    return node.empty() ? null : { ...node.renderedPosition() };
  }

  dispose(): void {
    this.#core.destroy();
  }

  #point(host: HTMLElement, events: DiagramEvents, id: string | null): void {
    host.style.cursor = id === null ? '' : 'pointer';
    events.pointed(id);
  }
}

/** An arrow stands for the layer it leads to. */
function layerOf(target: { isNode(): boolean; id(): string; target?(): { id(): string } }): string {
  return target.isNode() ? target.id() : (target.target?.().id() ?? target.id());
}
