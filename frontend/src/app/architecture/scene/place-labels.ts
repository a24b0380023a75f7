/** Which labels a picture has room for: the most important first, none over another. */

export interface LabelWish {
  readonly id: string;
  /** Middle of the label's lower edge in pixels. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Larger is more important. */
  readonly weight: number;
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const GAP = 4;

/** Ids of the labels that are shown, within a picture of this size. */
export function placeLabels(
  wishes: readonly LabelWish[],
  picture: { width: number; height: number },
): Set<string> {
  const taken: Box[] = [];
  const shown = new Set<string>();
  for (const wish of [...wishes].sort((a, b) => b.weight - a.weight)) {
    const box = {
      left: wish.x - wish.width / 2 - GAP,
      right: wish.x + wish.width / 2 + GAP,
      top: wish.y - wish.height - GAP,
      bottom: wish.y + GAP,
    };
    const inside =
      box.left >= 0 && box.right <= picture.width && box.top >= 0 && box.bottom <= picture.height;
    if (!inside || taken.some((other) => overlap(box, other))) continue;
    taken.push(box);
    shown.add(wish.id);
  }
  return shown;
}

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
