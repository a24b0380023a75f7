/** Fakes for what jsdom has not: a canvas for Cytoscape and WebGL for three. They remember what they were shown. */
import type { DiagramTools } from '../diagram/diagram-tools.ts';
import type { DiagramEvents, DiagramView, Marks } from '../diagram/diagram-view.ts';
import type { Look } from '../model/paint.ts';
import type { SceneTools } from '../scene/scene-tools.ts';

export class FakeDiagram {
  look: Look | null = null;
  marks: Marks | null = null;
  disposed = false;
  /** What the explorer wants to be told. */
  events: DiagramEvents = { chosen: () => undefined, pointed: () => undefined };

  readonly tools: DiagramTools = {
    view: async (_host, events) => {
      this.events = events;
      return this.#view as unknown as DiagramView;
    },
    engine: async () => ({ layout: () => Promise.reject(new Error('no ELK here')), close: () => undefined }),
    layout: async () => ({ direction: 'right', width: 10, height: 10, nodes: [], edges: [] }),
  };

  readonly #view = {
    show: () => undefined,
    paint: (look: Look) => (this.look = look),
    mark: (marks: Marks) => (this.marks = marks),
    reveal: () => undefined,
    resize: () => undefined,
    fit: () => undefined,
    zoom: () => undefined,
    dispose: () => (this.disposed = true),
  };
}

/** A browser without WebGL. */
export const noWebGl: SceneTools = {
  view: () => Promise.reject(new Error('Error creating WebGL context.')),
};
