/**
 * Effective rank of a layer's activations over its width (Roy & Vetterli 2007): how many directions it really uses.
 *
 * With singular values σᵢ of the centred rows × units matrix and pᵢ = σᵢ / Σσ: exp(−Σ pᵢ ln pᵢ) / units. 1 when all
 * directions are used alike, 1 / units when all units say the same, 0 when nothing moves. The σᵢ are the roots of the
 * eigenvalues of the Gram matrix units × units.
 */

/** Rows and units looked at: evenly spaced ones, which bounds the work for wide layers. */
const MAX_ROWS = 2000;
const MAX_UNITS = 256;

export function effectiveRank(activations: Float32Array, units: number): number {
  const gram = centredGram(activations, units);
  const singular = symmetricEigenvalues(gram).map((value) => Math.sqrt(Math.max(0, value)));
  const total = singular.reduce((a, b) => a + b, 0);
  if (!(total > 0)) return 0;
  let entropy = 0;
  for (const value of singular) if (value > 0) entropy -= (value / total) * Math.log(value / total);
  return Math.min(1, Math.exp(entropy) / singular.length);
}

function centredGram(activations: Float32Array, units: number): Float64Array[] {
  const rowCount = activations.length / units;
  const rows = spaced(rowCount, MAX_ROWS);
  const columns = spaced(units, MAX_UNITS);
  const n = columns.length;
  const centre = columns.map(
    (c) => rows.reduce((sum, r) => sum + activations[r * units + c]!, 0) / rows.length,
  );
  const gram = Array.from({ length: n }, () => new Float64Array(n));
  const row = new Float64Array(n);
  for (const r of rows) {
    for (let i = 0; i < n; i++) row[i] = activations[r * units + columns[i]!]! - centre[i]!;
    for (let i = 0; i < n; i++) {
      const target = gram[i]!;
      const factor = row[i]!;
      if (factor !== 0) for (let j = i; j < n; j++) target[j]! += factor * row[j]!;
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) gram[i]![j] = gram[j]![i]!;
  return gram;
}

function spaced(count: number, limit: number): number[] {
  const taken = Math.min(count, limit);
  return Array.from({ length: taken }, (_, i) => Math.floor((i * count) / taken));
}

/**
 * Eigenvalues of a symmetric matrix, which is overwritten: Householder tridiagonalization, then QL with implicit
 * shifts (Golub & Van Loan, Matrix Computations, 8.3), O(n³).
 */
export function symmetricEigenvalues(a: Float64Array[]): number[] {
  const { diagonal, below } = tridiagonal(a);
  for (let l = 0; l < diagonal.length; l++) settleEigenvalue(diagonal, below, l);
  return diagonal;
}

/** Reduces to a tridiagonal matrix with the same eigenvalues; below[i] couples i and i + 1. */
function tridiagonal(a: Float64Array[]): { diagonal: number[]; below: number[] } {
  const n = a.length;
  for (let k = 0; k < n - 2; k++) reflectColumn(a, k);
  return {
    diagonal: a.map((row, i) => row[i]!),
    below: Array.from({ length: n }, (_, i) => (i + 1 < n ? a[i + 1]![i]! : 0)),
  };
}

/** Householder: zeroes column k below its subdiagonal by A ← H A H with H = I − 2 v vᵀ. */
function reflectColumn(a: Float64Array[], k: number): void {
  const n = a.length;
  const v = new Float64Array(n);
  let length = 0;
  for (let i = k + 1; i < n; i++) length += a[i]![k]! ** 2;
  length = Math.sqrt(length);
  if (length === 0) return;
  for (let i = k + 1; i < n; i++) v[i] = a[i]![k]!;
  v[k + 1]! += v[k + 1]! >= 0 ? length : -length;
  let square = 0;
  for (let i = k + 1; i < n; i++) square += v[i]! ** 2;
  const beta = 2 / square;
  // p = β A v, w = p − (β pᵀv / 2) v, then A ← A − v wᵀ − w vᵀ.
  const w = new Float64Array(n);
  for (let i = k; i < n; i++) {
    let sum = 0;
    for (let j = k + 1; j < n; j++) sum += a[i]![j]! * v[j]!;
    w[i] = beta * sum;
  }
  let overlap = 0;
  for (let i = k + 1; i < n; i++) overlap += w[i]! * v[i]!;
  for (let i = k + 1; i < n; i++) w[i]! -= (beta / 2) * overlap * v[i]!;
  for (let i = k; i < n; i++) for (let j = k; j < n; j++) a[i]![j]! -= v[i]! * w[j]! + w[i]! * v[j]!;
}

/** QL sweeps until the coupling behind position l is negligible. */
function settleEigenvalue(d: number[], e: number[], l: number): void {
  for (let sweep = 0; sweep < 60; sweep++) {
    let m = l;
    while (m < d.length - 1 && Math.abs(e[m]!) > Number.EPSILON * (Math.abs(d[m]!) + Math.abs(d[m + 1]!)))
      m++;
    if (m === l) return;
    let g = (d[l + 1]! - d[l]!) / (2 * e[l]!);
    g = d[m]! - d[l]! + e[l]! / (g + (g >= 0 ? 1 : -1) * Math.hypot(g, 1));
    let s = 1;
    let c = 1;
    let p = 0;
    let i = m - 1;
    for (; i >= l; i--) {
      const f = s * e[i]!;
      const b = c * e[i]!;
      const r = Math.hypot(f, g);
      e[i + 1] = r;
      if (r === 0) {
        d[i + 1]! -= p;
        e[m] = 0;
        break;
      }
      s = f / r;
      c = g / r;
      g = d[i + 1]! - p;
      const t = (d[i]! - g) * s + 2 * c * b;
      p = s * t;
      d[i + 1] = g + p;
      g = c * t - b;
    }
    if (i >= l) continue;
    d[l]! -= p;
    e[l] = g;
    e[m] = 0;
  }
}
