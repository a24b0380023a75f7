/**
 * The normal distribution to double precision.
 *
 *   φ(x) density   Φ(x) = ½ erfc(−x/√2)   Φ⁻¹ quantile   erfcx(x) = exp(x²)·erfc(x)
 *
 * erf, erfc and erfcx by W. J. Cody's rational approximations (Math. Comp. 23, 1969, 631–637), the quantile
 * by M. J. Wichura's algorithm AS 241 (Appl. Statist. 37, 1988, 477–484).
 */
export const LOG_SQRT_TWO_PI = 0.9189385332046727;
const SQRT_HALF = Math.SQRT1_2;
const ONE_OVER_SQRT_PI = 0.5641895835477563;

const ERF_P = [
  1.85777706184603152673e-1, 3.1611237438705656, 1.13864154151050156e2, 3.77485237685302021e2,
  3.20937758913846947e3,
];
const ERF_Q = [1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3];
const ERFC_P = [
  2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1,
  2.98635138197400131e2, 8.8195222124176909e2, 1.71204761263407058e3, 2.05107837782607147e3,
  1.23033935479799725e3,
];
const ERFC_Q = [
  1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
  3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3,
];
const TAIL_P = [
  1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1,
  1.60837851487422766e-2, 6.58749161529837803e-4,
];
const TAIL_Q = [
  1, 2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1, 6.05183413124413191e-2,
  2.33520497626869185e-3,
];

/** Coefficients from the highest power down. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}

/** erf for |x| ≤ 0.46875. */
const erfNearZero = (x: number): number => (x * polynomial(ERF_P, x * x)) / polynomial(ERF_Q, x * x);

/** exp(x²)·erfc(x) for x ≥ 0.46875. */
function erfcxPositive(x: number): number {
  if (x <= 4) return polynomial(ERFC_P, x) / polynomial(ERFC_Q, x);
  const inverse = 1 / (x * x);
  const tail = (inverse * polynomial(TAIL_P, inverse)) / polynomial(TAIL_Q, inverse);
  return (ONE_OVER_SQRT_PI - tail) / x;
}

/** exp(−x²) with the square split, so that its rounding error is not multiplied by x². */
function expMinusSquare(x: number): number {
  const coarse = Math.trunc(x * 16) / 16;
  return Math.exp(-coarse * coarse) * Math.exp(-(x - coarse) * (x + coarse));
}

export function erfc(x: number): number {
  const size = Math.abs(x);
  if (size <= 0.46875) return 1 - erfNearZero(x);
  const upper = size > 26.6 ? 0 : expMinusSquare(size) * erfcxPositive(size);
  return x < 0 ? 2 - upper : upper;
}

export function erf(x: number): number {
  const size = Math.abs(x);
  if (size <= 0.46875) return erfNearZero(x);
  return x < 0 ? erfc(size) - 1 : 1 - erfc(size);
}

/** exp(x²)·erfc(x); overflows to Infinity below about −26.6. */
export function erfcx(x: number): number {
  if (x >= 0.46875) return erfcxPositive(x);
  return Math.exp(x * x) * erfc(x);
}

export const normalLogDensity = (x: number): number => -0.5 * x * x - LOG_SQRT_TWO_PI;
export const normalDensity = (x: number): number => Math.exp(normalLogDensity(x));
export const normalCdf = (x: number): number => 0.5 * erfc(-x * SQRT_HALF);

/** ln Φ(x), accurate in the far lower tail too. */
export function normalLogCdf(x: number): number {
  if (x > -1) return Math.log1p(-0.5 * erfc(x * SQRT_HALF));
  return Math.log(0.5 * erfcx(-x * SQRT_HALF)) - 0.5 * x * x;
}

/** Φ(b) − Φ(a) for a ≤ b, without cancellation in either tail. */
export function normalMass(a: number, b: number): number {
  if (a > 0) return normalCdf(-a) - normalCdf(-b);
  if (b < 0) return normalCdf(b) - normalCdf(a);
  return 0.5 * (erf(b * SQRT_HALF) - erf(a * SQRT_HALF));
}

/** ln(Φ(b) − Φ(a)) for a < b; −Infinity where they are equal. */
export function normalLogMass(a: number, b: number): number {
  // In the tail the masses underflow long before their logarithms do.
  if (b < -5) return logDifference(normalLogCdf(b), normalLogCdf(a));
  if (a > 5) return logDifference(normalLogCdf(-a), normalLogCdf(-b));
  return Math.log(normalMass(a, b));
}

/** ln(exp(p) − exp(q)) for p ≥ q. */
const logDifference = (p: number, q: number): number => p + Math.log1p(-Math.exp(q - p));

const QUANTILE_CENTRE = [
  [
    2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
    13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
  ],
  [
    5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
    5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1,
  ],
] as const;
const QUANTILE_MIDDLE = [
  [
    7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
    3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
  ],
  [
    1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
    0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1,
  ],
] as const;
const QUANTILE_TAIL = [
  [
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
    0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
  ],
  [
    2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
    0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1,
  ],
] as const;

/** Φ⁻¹(p); −Infinity at 0 and Infinity at 1. */
export function normalQuantile(p: number): number {
  if (!(p > 0)) return p === 0 ? -Infinity : NaN;
  if (!(p < 1)) return p === 1 ? Infinity : NaN;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(QUANTILE_CENTRE[0], r)) / polynomial(QUANTILE_CENTRE[1], r);
  }
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const [upper, lower, shift] = r <= 5 ? [...QUANTILE_MIDDLE, 1.6] : [...QUANTILE_TAIL, 5];
  const size = polynomial(upper, r - shift) / polynomial(lower, r - shift);
  return q < 0 ? -size : size;
}
