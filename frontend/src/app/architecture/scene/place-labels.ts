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

/** Room at the sides of a label, and above and below it. */
const GAP = 4;
const LINE_GAP = 2;

/** A label that cannot stand at its block is lifted by this many lines at most. */
const MOST_LIFTS = 3;

export interface PlacedLabel {
  /** Left upper corner in pixels. */
  readonly x: number;
  readonly y: number;
  /** How far it stands above where it wished to. */
  readonly lift: number;
}

/** The labels that are shown within a picture of this size, by id. */
export function placeLabels(
  wishes: readonly LabelWish[],
  picture: { width: number; height: number },
): Map<string, PlacedLabel> {
  const taken: Box[] = [];
  const shown = new Map<string, PlacedLabel>();
  for (const wish of [...wishes].sort((a, b) => b.weight - a.weight)) {
    if (wish.x < 0 || wish.x > picture.width || wish.width + 2 * GAP > picture.width) continue;
    for (let lifts = 0; lifts <= MOST_LIFTS; lifts++) {
      const lift = lifts * (wish.height + 2 * LINE_GAP);
      const box = boxOf(wish, picture.width, lift);
      const isFree = box.top >= 0 && box.bottom <= picture.height;
      if (!isFree || taken.some((other) => overlap(box, other))) continue;
      taken.push(box);
      shown.set(wish.id, { x: box.left + GAP, y: box.top + LINE_GAP, lift });
      break;
    }
  }
  return shown;
}

/** With room around it; at the sides and at the top it is moved into the picture. */
function boxOf({ x, y, width, height }: LabelWish, most: number, lift: number): Box {
  const left = Math.min(most - width - 2 * GAP, Math.max(0, x - width / 2 - GAP));
  const top = Math.max(0, y - lift - height - LINE_GAP);
  return { left, right: left + width + 2 * GAP, top, bottom: top + height + 2 * LINE_GAP };
}

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
