/**
 * Training one network on several devices at once: every device runs the same loop with the same weights on its share
 * of each batch, and sums of gradients keep them equal. See docs/decisions/0016-data-parallel.md.
 */
export interface DeviceGroup {
  /** From 0; device 0 leads: it is told to stop, and asked after each epoch. */
  readonly rank: number;
  readonly size: number;
  /**
   * Adds each array up over all devices, in place. All add in the same order, so all get the same bits.
   * @throws OneginError `training-process-died` when a device has left
   */
  sum(...arrays: readonly (Float32Array | Float64Array)[]): void;
  /** What device 0 decides, told to all; the answer travels as JSON. */
  agree<Answer>(decide: () => Answer | Promise<Answer>): Promise<Answer>;
}

/** One device: nothing to add, nobody to tell. */
export const ALONE: DeviceGroup = {
  rank: 0,
  size: 1,
  sum: () => undefined,
  agree: async (decide) => decide(),
};

/** The rows of a batch that one device computes. */
export interface Share {
  /** Samples of the whole batch. */
  whole: number;
  /** First of this device's rows. */
  from: number;
  /** Rows that it runs: at least one, since operations want some. */
  rows: number;
  /** Rows that count: 0 on a device for which the batch had none left. */
  counted: number;
}

/** Contiguous shares whose sizes differ by at most one row. */
export function shareOf(whole: number, { rank, size }: Pick<DeviceGroup, 'rank' | 'size'>): Share {
  const from = Math.floor((whole * rank) / size);
  const counted = Math.floor((whole * (rank + 1)) / size) - from;
  return counted > 0 ? { whole, from, rows: counted, counted } : { whole, from: 0, rows: 1, counted };
}
