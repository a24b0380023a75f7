/**
 * Fitted Gaussian processes, kept between asks.
 *
 * Kernel parameters are fitted on a ladder of history sizes (all sizes up to 40, then every twentieth more),
 * so that most asks only add a row to a Cholesky factor. What is kept is found by its content, never by when
 * it was made: a cache that starts empty gives the same processes.
 */
import { fitKernel } from '../../math/fit-kernel.ts';
import { GaussianProcess, type KernelParameters } from '../../math/gaussian-process.ts';

/** More observations than this say little more about lengthscales, and cost with their third power. */
const FIT_OBSERVATIONS = 150;
const EVERY_SIZE_UP_TO = 40;
const GROWTH = 1.05;

interface Fitted {
  readonly points: readonly Float64Array[];
  readonly targets: Float64Array;
  readonly kernel: KernelParameters;
}

export class ProcessCache {
  readonly #categorical: readonly boolean[];
  #fitted: Fitted | undefined;
  #process: GaussianProcess | undefined;

  constructor(categorical: readonly boolean[]) {
    this.#categorical = categorical;
  }

  /**
   * The process of the given observations, with targets set.
   * @param prepare makes targets about mean 0 and variance 1 from a list of values
   */
  process(
    points: readonly Float64Array[],
    values: Float64Array,
    prepare: (values: Float64Array) => Float64Array,
  ): GaussianProcess {
    const size = rung(points.length);
    const kernel = this.#kernel(points.slice(0, size), prepare(values.slice(0, size)));
    let process = this.#process;
    if (process?.kernel !== kernel)
      process = new GaussianProcess(kernel, this.#categorical, points.length + 16);
    let same = 0;
    while (same < points.length && process.points[same] === points[same]) same++;
    process.truncate(same);
    for (let i = same; i < points.length; i++) process.add(points[i]!);
    this.#process = process;
    process.setTargets(prepare(values));
    return process;
  }

  #kernel(points: readonly Float64Array[], targets: Float64Array): KernelParameters {
    const known = this.#fitted;
    if (
      known?.points.length === points.length &&
      points.every((point, i) => point === known.points[i] && targets[i] === known.targets[i])
    )
      return known.kernel;
    const chosen = fitSubset(targets);
    const { kernel } = fitKernel(
      chosen.map((i) => points[i]!),
      chosen.map((i) => targets[i]!),
      this.#categorical,
    );
    this.#fitted = { points, targets, kernel };
    return kernel;
  }
}

/** The largest size on the ladder that is not above the given one. */
function rung(size: number): number {
  if (size <= EVERY_SIZE_UP_TO) return size;
  let step = EVERY_SIZE_UP_TO;
  for (let next = step; next <= size; next = Math.floor(next * GROWTH)) step = next;
  return step;
}

/** The best half of the places, and the rest evenly from the others; rising. */
function fitSubset(targets: Float64Array): number[] {
  const all = Array.from(targets, (_, i) => i);
  if (all.length <= FIT_OBSERVATIONS) return all;
  const byTarget = [...all].sort((a, b) => targets[a]! - targets[b]! || a - b);
  const half = FIT_OBSERVATIONS / 2;
  const others = byTarget.slice(half);
  const spread = Array.from({ length: half }, (_, i) => others[Math.floor((i * others.length) / half)]!);
  return [...byTarget.slice(0, half), ...spread].sort((a, b) => a - b);
}
