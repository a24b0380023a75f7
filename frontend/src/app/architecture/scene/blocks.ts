/**
 * The layers as blocks in space, from the architecture data: x runs from input to output, y is up. A block's size is
 * its tensor's shape as the data scales it (docs: packages/training, architecture-data).
 */
import type { Architecture } from '@onegin/contracts';
import type { Look } from '../model/paint.ts';

export interface Vector {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export interface Block {
  readonly id: string;
  readonly label: string;
  readonly at: Vector;
  readonly size: Vector;
  /** CSS hex colour. */
  readonly color: string;
  readonly opacity: number;
  /** What the colour says. */
  readonly word: string;
}

/** Nothing is so thin that it cannot be seen or picked. */
const THINNEST = 0.25;
/** More solid than the data says, so that a row of pale blocks does not become a haze. */
const LEAST_OPACITY = 0.55;
/** A colour that stands for a number must not mix with what is behind it; a block without one steps back. */
const VALUE_OPACITY = 0.94;
const EMPTY_OPACITY = 0.4;

/** @param spread how much further apart than the data says: in a wide picture there is room between the blocks */
export function blocksOf(
  { layers }: Architecture,
  { paints, theme, mode }: Look,
  { spread = 1 }: { spread?: number } = {},
): Block[] {
  const length = Math.max(0, ...layers.map(({ zPosition, depth }) => zPosition + depth / 2));
  return layers.map((layer) => {
    const paint = paints.get(layer.id);
    return {
      id: layer.id,
      label: layer.label,
      at: { x: (layer.zPosition - length / 2) * spread, y: 0, z: 0 },
      size: {
        x: Math.max(THINNEST, layer.depth),
        y: Math.max(THINNEST, layer.height),
        z: Math.max(THINNEST, layer.width),
      },
      color: paint?.fill ?? theme.rule,
      opacity:
        mode === 'kind'
          ? Math.max(LEAST_OPACITY, layer.opacity)
          : paint?.fill
            ? VALUE_OPACITY
            : EMPTY_OPACITY,
      word: paint?.word ?? '',
    };
  });
}
