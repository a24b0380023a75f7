/** Nondominated sets, kept up to date one point at a time. */

type Direction = 'maximize' | 'minimize';

/** Whether `a` is at least as good in every objective and better in one. A value that is not finite loses. */
export function dominates(
  a: readonly number[],
  b: readonly number[],
  directions: readonly Direction[],
): boolean {
  let better = false;
  for (let i = 0; i < directions.length; i++) {
    const x = asLoss(a[i]!, directions[i]!);
    const y = asLoss(b[i]!, directions[i]!);
    if (x > y) return false;
    if (x < y) better = true;
  }
  return better;
}

const asLoss = (value: number, direction: Direction): number =>
  Number.isNaN(value) ? Infinity : direction === 'minimize' ? value : -value;

/** The front with the item added, if nothing in it dominates it; what it dominates leaves. */
export function insertIntoFront(
  front: readonly number[],
  item: number,
  valuesOf: (item: number) => readonly number[],
  directions: readonly Direction[],
): number[] {
  const values = valuesOf(item);
  if (front.some((other) => dominates(valuesOf(other), values, directions))) return [...front];
  return [...front.filter((other) => !dominates(values, valuesOf(other), directions)), item];
}
