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
  0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694,
];
const ERF_Q = [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171];
const ERFC_P = [
  2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001,
  881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
];
const ERFC_Q = [
  1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
  4362.619090143247, 3439.3676741437216, 1230.3393548037495,
];
const TAIL_P = [
  0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275,
  0.0006587491615298378,
];
const TAIL_Q = [
  1, 2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918,
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
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
    1971.5909503065513, 133.14166789178438, 3.3871328727963665,
  ],
  [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
    687.1870074920579, 42.31333070160091, 1,
  ],
] as const;
const QUANTILE_MIDDLE = [
  [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
] as const;
const QUANTILE_TAIL = [
  [
    2.0103343992922881e-7, 0.000027115555687434876, 0.0012426609473880784, 0.026532189526576124,
    0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  [
    2.0442631033899397e-15, 1.421511758316446e-7, 0.000018463183175100548, 0.0007868691311456133,
    0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1,
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
