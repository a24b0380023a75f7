/** three.js, fetched when 3D is first asked for. Tests without WebGL put their own in place. */
import { InjectionToken } from '@angular/core';
import type { SceneEvents, SceneView } from './scene-view.ts';

export interface SceneTools {
  /** @throws Error where the browser gives no WebGL context */
  view(canvas: HTMLCanvasElement, labels: HTMLElement, events: SceneEvents): Promise<SceneView>;
}

export const SCENE_TOOLS = new InjectionToken<SceneTools>('scene tools', {
  providedIn: 'root',
  factory: () => ({
    view: async (canvas, labels, events) =>
      new (await import('./scene-view.ts')).SceneView(canvas, labels, events),
  }),
});
