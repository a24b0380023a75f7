/** From layer to layer with the keyboard. */
import type { Architecture } from '@onegin/contracts';

export type Walk = 'next' | 'previous' | 'first' | 'last';

/** Id of the layer that a key leads to; null where there is none. Without a selection every walk starts at an end. */
export function walked({ layers }: Architecture, from: string | null, walk: Walk): string | null {
  const last = layers.length - 1;
  const at = layers.findIndex(({ id }) => id === from);
  const to = {
    first: 0,
    last,
    next: Math.min(last, at + 1),
    previous: at < 0 ? last : Math.max(0, at - 1),
  }[walk];
  return layers[to]?.id ?? null;
}

const KEYS: Readonly<Record<string, Walk>> = {
  ArrowRight: 'next',
  ArrowDown: 'next',
  ArrowLeft: 'previous',
  ArrowUp: 'previous',
  Home: 'first',
  End: 'last',
};

export const walkOfKey = (key: string): Walk | null => KEYS[key] ?? null;
