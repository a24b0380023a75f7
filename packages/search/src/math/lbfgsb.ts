/**
 * Minimizes a smooth function inside a box: limited-memory BFGS on the variables that no bound holds, with a
 * projected backtracking line search.
 *
 *   direction d = −H·g by the two-loop recursion (Nocedal & Wright, algorithm 7.4) over the last m pairs
 *   held: x at a bound and the gradient pushing outward (two-metric projection, Bertsekas 1982)
 *   step accepted where f(P(x + t·d)) ≤ f(x) + 1e-4·g·(P(x + t·d) − x)
 */
export interface BoxProblem {
  /** The value at x; writes the gradient. May give NaN or Infinity, which the search backs away from. */
  evaluate(x: Float64Array, gradient: Float64Array): number;
  readonly low: ArrayLike<number>;
  readonly high: ArrayLike<number>;
}

export interface BoxOptions {
  readonly maxIterations?: number;
  /** Ends when the largest projected gradient entry is at most this; default 1e-5. */
  readonly gradientTolerance?: number;
  /** Ends when an iteration gains less than this share of |f|; default 1e-10. */
  readonly valueTolerance?: number;
  /** Expected inverse curvature per variable, to scale the first direction. */
  readonly scale?: ArrayLike<number>;
}

export interface BoxMinimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly evaluations: number;
}

const MEMORY = 8;
const SUFFICIENT_DECREASE = 1e-4;

interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly rho: number;
}

export function minimizeInBox(
  problem: BoxProblem,
  start: ArrayLike<number>,
  options: BoxOptions = {},
): BoxMinimum {
  const { maxIterations = 100, gradientTolerance = 1e-5, valueTolerance = 1e-10, scale } = options;
  const size = start.length;
  let x: Float64Array = projected(problem, Float64Array.from(start));
  let gradient: Float64Array = new Float64Array(size);
  let value = problem.evaluate(x, gradient);
  let evaluations = 1;
  const pairs: Pair[] = [];
  for (let iteration = 0; iteration < maxIterations && Number.isFinite(value); iteration++) {
    const held = heldVariables(problem, x, gradient);
    if (largestFree(gradient, held) <= gradientTolerance) break;
    let direction: Float64Array = quasiNewtonDirection(gradient, held, pairs, scale);
    if (!(dot(direction, gradient) < 0)) {
      pairs.length = 0;
      direction = quasiNewtonDirection(gradient, held, pairs, scale);
    }
    const found = lineSearch(problem, x, value, gradient, direction, pairs.length === 0);
    evaluations += found.evaluations;
    if (!found.x) break;
    remember(pairs, x, gradient, found.x, found.gradient);
    const gain = value - found.value;
    x = found.x;
    gradient = found.gradient;
    value = found.value;
    if (gain <= valueTolerance * Math.max(1, Math.abs(value))) break;
  }
  return { x, value, evaluations };
}

function projected({ low, high }: BoxProblem, x: Float64Array): Float64Array {
  for (let i = 0; i < x.length; i++) x[i] = Math.min(high[i]!, Math.max(low[i]!, x[i]!));
  return x;
}

function heldVariables({ low, high }: BoxProblem, x: Float64Array, gradient: Float64Array): Uint8Array {
  return Uint8Array.from(x, (value, i) =>
    (value <= low[i]! && gradient[i]! > 0) || (value >= high[i]! && gradient[i]! < 0) ? 1 : 0,
  );
}

function largestFree(gradient: Float64Array, held: Uint8Array): number {
  let largest = 0;
  for (let i = 0; i < gradient.length; i++) if (!held[i]) largest = Math.max(largest, Math.abs(gradient[i]!));
  return largest;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function quasiNewtonDirection(
  gradient: Float64Array,
  held: Uint8Array,
  pairs: readonly Pair[],
  scale: ArrayLike<number> | undefined,
): Float64Array {
  const q = gradient.map((value, i) => (held[i] ? 0 : value));
  const shares: number[] = [];
  for (let p = pairs.length - 1; p >= 0; p--) {
    const { s, y, rho } = pairs[p]!;
    const share = rho * dot(s, q);
    shares[p] = share;
    for (let i = 0; i < q.length; i++) q[i]! -= share * y[i]!;
  }
  const newest = pairs.at(-1);
  const weighted = (v: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < v.length; i++) sum += v[i]! * v[i]! * (scale ? scale[i]! : 1);
    return sum;
  };
  const size = newest ? 1 / (newest.rho * weighted(newest.y)) : 1;
  for (let i = 0; i < q.length; i++) q[i]! *= size * (scale ? scale[i]! : 1);
  pairs.forEach(({ s, y, rho }, p) => {
    const correction = shares[p]! - rho * dot(y, q);
    for (let i = 0; i < q.length; i++) q[i]! += correction * s[i]!;
  });
  return q.map((value, i) => (held[i] ? 0 : -value));
}

interface Step {
  readonly x: Float64Array | undefined;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly evaluations: number;
}

function lineSearch(
  problem: BoxProblem,
  x: Float64Array,
  value: number,
  gradient: Float64Array,
  direction: Float64Array,
  first: boolean,
): Step {
  // Without curvature the length of the direction means nothing: it is cut to a tenth of the box's side.
  let t = first ? Math.min(1, 0.1 / largestShare(problem, direction)) : 1;
  const next = new Float64Array(x.length);
  for (let evaluations = 1; evaluations <= 25; evaluations++) {
    const candidate = projected(
      problem,
      x.map((start, i) => start + t * direction[i]!),
    );
    const reached = problem.evaluate(candidate, next);
    let slope = 0;
    for (let i = 0; i < x.length; i++) slope += gradient[i]! * (candidate[i]! - x[i]!);
    if (reached <= value + SUFFICIENT_DECREASE * slope && slope < 0)
      return { x: candidate, value: reached, gradient: next, evaluations };
    // The parabola through both values and the slope, kept between a tenth and a half.
    const bend = reached - value - slope;
    const best = Number.isFinite(bend) && bend > 0 ? (-0.5 * slope) / bend : 0.1;
    t *= Math.min(0.5, Math.max(0.1, best));
  }
  return { x: undefined, value, gradient, evaluations: 25 };
}

function largestShare({ low, high }: BoxProblem, direction: Float64Array): number {
  let largest = 1e-300;
  for (let i = 0; i < direction.length; i++) {
    const side = high[i]! - low[i]!;
    if (side > 0 && Number.isFinite(side)) largest = Math.max(largest, Math.abs(direction[i]!) / side);
    else largest = Math.max(largest, 0.1 * Math.abs(direction[i]!));
  }
  return largest;
}

function remember(
  pairs: Pair[],
  x: Float64Array,
  g: Float64Array,
  nextX: Float64Array,
  nextG: Float64Array,
): void {
  const s = nextX.map((value, i) => value - x[i]!);
  const y = nextG.map((value, i) => value - g[i]!);
  const curvature = dot(s, y);
  // A pair without curvature would make the direction point uphill.
  if (!(curvature > 1e-12 * Math.sqrt(dot(s, s) * dot(y, y)))) return;
  pairs.push({ s, y, rho: 1 / curvature });
  if (pairs.length > MEMORY) pairs.shift();
}
