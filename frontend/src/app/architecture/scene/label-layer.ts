/** Names over the blocks, as text elements above the canvas; markup in a name stays text. */
import type { Camera } from 'three';
import type { ChartTheme } from '@onegin/charts';
import { titleOf } from '../diagram/diagram-layout.ts';
import type { Block } from './blocks.ts';
import { cornersOf } from './corners.ts';
import { placeLabels } from './place-labels.ts';

interface Label {
  readonly element: HTMLElement;
  readonly text: string;
  /** Measured once, when it is first shown. */
  width: number;
  height: number;
  /** In pixels of the canvas, `foot` from `x`: where the line to the block is; null while there is no room for it. */
  at: { x: number; y: number; lift: number; foot: number } | null;
}

/** Between a block and its name, in pixels. */
const ABOVE = 4;
const FONT_SIZE = 12;
const PADDING = 4;
/** So much of the ground covers what is behind a name. */
const VEIL = 0.82;

export class LabelLayer {
  readonly #host: HTMLElement;
  readonly #labels = new Map<string, Label>();

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  show(blocks: readonly Block[]): void {
    this.clear();
    for (const { id, label } of blocks) {
      const element = document.createElement('span');
      element.className = 'block-label';
      const text = titleOf(label);
      element.textContent = text;
      this.#host.append(element);
      const { offsetWidth: width, offsetHeight: height } = element;
      this.#labels.set(id, { element, text, width, height, at: null });
    }
  }

  clear(): void {
    this.#host.replaceChildren();
    this.#labels.clear();
  }

  place(
    blocks: readonly Block[],
    camera: Camera,
    canvas: HTMLCanvasElement,
    { chosen, pointed }: { chosen: string | null; pointed: string | null },
  ): void {
    const picture = { width: canvas.clientWidth, height: canvas.clientHeight };
    const last = blocks.length - 1;
    const wishes = blocks.flatMap((block, i) => {
      const label = this.#labels.get(block.id);
      if (!label) return [];
      const tip = tipOf(block, camera);
      const x = ((tip.x + 1) / 2) * picture.width;
      const y = ((1 - tip.y) / 2) * picture.height - ABOVE;
      const weight =
        block.id === pointed ? 4 : block.id === chosen ? 3 : i === 0 || i === last ? 2 : block.opacity;
      return tip.isAhead ? [{ id: block.id, x, y, width: label.width, height: label.height, weight }] : [];
    });
    const shown = placeLabels(wishes, picture);
    for (const label of this.#labels.values()) {
      label.element.style.visibility = 'hidden';
      label.at = null;
    }
    for (const { id, x } of wishes) {
      const label = this.#labels.get(id);
      const placed = shown.get(id);
      if (!label || !placed) continue;
      const { style, classList } = label.element;
      label.at = {
        x: Math.round(placed.x),
        y: Math.round(placed.y),
        lift: placed.lift,
        foot: Math.round(x - placed.x),
      };
      style.visibility = 'visible';
      style.transform = `translate(${label.at.x}px, ${label.at.y}px)`;
      // A thin line leads down to its block.
      style.setProperty('--lift', `${label.at.lift}px`);
      style.setProperty('--foot', `${label.at.foot}px`);
      classList.toggle('strong', id === pointed || id === chosen);
    }
  }

  /** The names where they were last placed, for a picture of `scale` pixels per pixel of the screen. */
  drawOn(context: CanvasRenderingContext2D, theme: ChartTheme, scale: number): void {
    context.save();
    context.scale(scale, scale);
    context.font = `${FONT_SIZE}px ${theme.fontFamily}`;
    context.textBaseline = 'middle';
    for (const { at, text, width, height, element } of this.#labels.values()) {
      if (!at) continue;
      context.fillStyle = theme.muted;
      context.fillRect(at.x + at.foot, at.y + height, 1, at.lift);
      const isStrong = element.classList.contains('strong');
      context.globalAlpha = isStrong ? 1 : VEIL;
      context.fillStyle = isStrong ? theme.text : theme.background;
      context.fillRect(at.x, at.y, width, height);
      context.globalAlpha = 1;
      context.fillStyle = isStrong ? theme.background : theme.text;
      context.fillText(text, at.x + PADDING, at.y + height / 2, width - 2 * PADDING);
    }
    context.restore();
  }
}

/** The middle of a block's upper end as it is seen, from -1 to 1; and whether it lies before the camera at all. */
function tipOf(block: Block, camera: Camera): { x: number; y: number; isAhead: boolean } {
  const seen = cornersOf(block).map((corner) => corner.project(camera));
  const sides = seen.map(({ x }) => x);
  return {
    x: (Math.min(...sides) + Math.max(...sides)) / 2,
    y: Math.max(...seen.map(({ y }) => y)),
    isAhead: seen.every(({ z }) => z < 1),
  };
}
