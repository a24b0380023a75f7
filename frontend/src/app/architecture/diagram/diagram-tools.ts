/** The heavy parts of the diagram, fetched when the first one opens. Tests without a canvas put their own in place. */
import { InjectionToken } from '@angular/core';
import type { layoutDiagram } from './diagram-layout.ts';
import type { DiagramEvents, DiagramView } from './diagram-view.ts';
import type { ElkEngine } from './elk-engine.ts';

export interface DiagramTools {
  view(host: HTMLElement, events: DiagramEvents): Promise<DiagramView>;
  engine(): Promise<ElkEngine>;
  layout: typeof layoutDiagram;
}

export const DIAGRAM_TOOLS = new InjectionToken<DiagramTools>('diagram tools', {
  providedIn: 'root',
  factory: () => ({
    view: async (host, events) => new (await import('./diagram-view.ts')).DiagramView(host, events),
    engine: async () => (await import('./elk-engine.ts')).elkEngine(),
    layout: async (...args) => (await import('./diagram-layout.ts')).layoutDiagram(...args),
  }),
});
