/** Names over the blocks, as text elements above the canvas; markup in a name stays text. */
import { Vector3, type Camera } from 'three';
import type { Block } from './blocks.ts';
import { placeLabels } from './place-labels.ts';

interface Label {
  readonly element: HTMLElement;
  /** Measured once, when it is first shown. */
  width: number;
  height: number;
}

export class LabelLayer {
  private readonly host: HTMLElement;
  private readonly labels = new Map<string, Label>();

  constructor(host: HTMLElement) {
    this.host = host;
  }

  show(blocks: readonly Block[]): void {
    this.clear();
    for (const { id, label } of blocks) {
      const element = document.createElement('span');
      element.className = 'block-label';
      element.textContent = label;
      this.host.append(element);
      this.labels.set(id, { element, width: element.offsetWidth, height: element.offsetHeight });
    }
  }

  clear(): void {
    this.host.replaceChildren();
    this.labels.clear();
  }

  place(
    blocks: readonly Block[],
    camera: Camera,
    canvas: HTMLCanvasElement,
    { chosen, hovered }: { chosen: string | null; hovered: string | null },
  ): void {
    const picture = { width: canvas.clientWidth, height: canvas.clientHeight };
    const last = blocks.length - 1;
    const wishes = blocks.flatMap((block, i) => {
      const label = this.labels.get(block.id);
      if (!label) return [];
      const tip = new Vector3(block.at.x, block.at.y + block.size.y / 2, block.at.z).project(camera);
      const x = ((tip.x + 1) / 2) * picture.width;
      const y = ((1 - tip.y) / 2) * picture.height - 6;
      const weight =
        block.id === hovered ? 4 : block.id === chosen ? 3 : i === 0 || i === last ? 2 : block.opacity;
      return tip.z < 1 ? [{ id: block.id, x, y, width: label.width, height: label.height, weight }] : [];
    });
    const shown = placeLabels(wishes, picture);
    for (const { element } of this.labels.values()) element.style.visibility = 'hidden';
    for (const { id, x, y } of wishes) {
      const label = this.labels.get(id);
      if (!label || !shown.has(id)) continue;
      const { style, classList } = label.element;
      style.visibility = 'visible';
      style.transform = `translate(${Math.round(x - label.width / 2)}px, ${Math.round(y - label.height)}px)`;
      classList.toggle('strong', id === hovered || id === chosen);
    }
  }
}
