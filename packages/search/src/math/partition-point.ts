/** How many of the sorted places 0 … count − 1 come first: `isBefore` holds for them, and for none of the others. */
export function partitionPoint(count: number, isBefore: (place: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
