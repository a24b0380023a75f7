/** What the devices of a group add up in every step: gradients, loss, right answers, and a stop that one was told of. */
import type { Engine, Tensor } from '../engine/engine.ts';
import type { StopSignal } from '../loop/trial.ts';
import { sizeOf } from '../network/planned-layer.ts';
import type { DeviceGroup } from './device-group.ts';

export interface StepTotals {
  /** Sum of the losses of all samples. */
  loss: number;
  correct: number;
  signal: StopSignal | undefined;
}

/** A signal travels as a number, 0 for none. Only device 0 is told to stop, so the sum is its signal. */
const SIGNALS: readonly (StopSignal | undefined)[] = [undefined, 'cancel', 'pause', 'release'];

/** Call within a scope; the summed gradients end with it. Alone, everything is returned as it is. */
export function sumOverDevices(
  engine: Engine,
  group: DeviceGroup,
  gradients: readonly Tensor[],
  totals: StepTotals,
): { gradients: readonly Tensor[]; totals: StepTotals } {
  if (group.size === 1) return { gradients, totals };
  const { ops } = engine;
  const numbers = Float64Array.of(totals.loss, totals.correct, SIGNALS.indexOf(totals.signal));
  const flat = new Float32Array(gradients.reduce((length, { shape }) => length + sizeOf(shape), 0));
  let at = 0;
  for (const gradient of gradients) {
    flat.set(ops.values(gradient), at);
    at += sizeOf(gradient.shape);
  }
  group.sum(numbers, flat);
  at = 0;
  const summed = gradients.map(({ shape }) => {
    const from = at;
    at += sizeOf(shape);
    return ops.tensor(flat.subarray(from, at), shape);
  });
  const [loss, correct, signal] = numbers as unknown as [number, number, number];
  return { gradients: summed, totals: { loss, correct, signal: SIGNALS[signal] } };
}
