/**
 * Seeded, stratified splits.
 *
 * n_c   samples of class c
 * f     fraction wanted for the second part
 *
 * Every class gives round(f · n_c) samples (at least one when it has two or more), so that rare classes are in both
 * parts. Groups (frames of one sign, copies of one mail) are dealt whole: they are taken in random order until the
 * class has given its share, so the share is met up to one group.
 */
import { streamOf } from '@onegin/contracts';

export interface SplitIndices {
  first: Int32Array;
  second: Int32Array;
}

/** Indices of `labels` in two parts, each in ascending order; equal arguments give equal parts. */
export function stratifiedSplit(
  labels: Int32Array,
  fraction: number,
  seed: number,
  groups?: Int32Array,
): SplitIndices {
  const inSecond = new Uint8Array(labels.length);
  for (const [label, units] of [...unitsByClass(labels, groups)].sort((a, b) => a[0] - b[0])) {
    streamOf(seed, 'split', label).shuffle(units);
    const size = units.reduce((sum, unit) => sum + unit.length, 0);
    // One unit always stays behind, so that a class of few samples is still learnt.
    const wanted = units.length < 2 ? 0 : Math.max(1, Math.round(fraction * size));
    let given = 0;
    for (let i = 0; i < units.length - 1 && given < wanted; i++) {
      for (const sample of units[i]!) inSecond[sample] = 1;
      given += units[i]!.length;
    }
  }
  const second = inSecond.reduce((sum, flag) => sum + flag, 0);
  const split = { first: new Int32Array(labels.length - second), second: new Int32Array(second) };
  for (let i = 0, a = 0, b = 0; i < labels.length; i++) {
    if (inSecond[i]) split.second[b++] = i;
    else split.first[a++] = i;
  }
  return split;
}

/** Per class the units that may be dealt: single samples, or groups. A group belongs to its first sample's class. */
function unitsByClass(labels: Int32Array, groups?: Int32Array): Map<number, number[][]> {
  const byClass = new Map<number, number[][]>();
  const unitOfGroup = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const known = groups && unitOfGroup.get(groups[i]!);
    if (known) {
      known.push(i);
      continue;
    }
    const unit = [i];
    if (groups) unitOfGroup.set(groups[i]!, unit);
    const units = byClass.get(labels[i]!);
    if (units) units.push(unit);
    else byClass.set(labels[i]!, [unit]);
  }
  return byClass;
}
