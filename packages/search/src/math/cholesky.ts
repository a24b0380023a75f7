/**
 * Cholesky factor of a symmetric positive definite matrix, A = L·Lᵀ, row by row (Cholesky–Banachiewicz):
 *
 *   L_ij = (A_ij − Σ_{k<j} L_ik L_jk) / L_jj        L_ii = √(A_ii − Σ_{k<i} L_ik²)
 *
 * Rows are stored one after another with a fixed stride. Adding a row to A adds a row to L and leaves the
 * rest, so a factor grows in O(n²) and is bit for bit what a new one would be.
 */
export class CholeskyFactor {
  size = 0;
  #stride: number;
  #values: Float64Array;

  constructor(capacity = 16) {
    this.#stride = Math.max(1, capacity);
    this.#values = new Float64Array(this.#stride * this.#stride);
  }

  at(row: number, column: number): number {
    return this.#values[row * this.#stride + column]!;
  }

  /** Adds the row A_n0 … A_nn. False, and unchanged, if the matrix would not be positive definite. */
  append(row: ArrayLike<number>): boolean {
    const n = this.size;
    if (n === this.#stride) this.#grow();
    const values = this.#values;
    const own = n * this.#stride;
    let diagonal = row[n]!;
    for (let j = 0; j < n; j++) {
      const other = j * this.#stride;
      let sum = row[j]!;
      for (let k = 0; k < j; k++) sum -= values[own + k]! * values[other + k]!;
      const value = sum / values[other + j]!;
      values[own + j] = value;
      diagonal -= value * value;
    }
    if (!(diagonal > 0)) return false;
    values[own + n] = Math.sqrt(diagonal);
    this.size = n + 1;
    return true;
  }

  /** Drops all rows from the given one on. */
  truncate(size: number): void {
    this.size = Math.min(this.size, size);
  }

  /** x ← L⁻¹ x. */
  solveLower(x: Float64Array): Float64Array {
    const values = this.#values;
    for (let i = 0; i < this.size; i++) {
      const row = i * this.#stride;
      let sum = x[i]!;
      for (let k = 0; k < i; k++) sum -= values[row + k]! * x[k]!;
      x[i] = sum / values[row + i]!;
    }
    return x;
  }

  /** x ← L⁻ᵀ x. */
  solveUpper(x: Float64Array): Float64Array {
    const values = this.#values;
    for (let i = this.size - 1; i >= 0; i--) {
      const row = i * this.#stride;
      const value = x[i]! / values[row + i]!;
      x[i] = value;
      for (let k = 0; k < i; k++) x[k]! -= values[row + k]! * value;
    }
    return x;
  }

  /** ln det A. */
  logDeterminant(): number {
    let sum = 0;
    for (let i = 0; i < this.size; i++) sum += Math.log(this.at(i, i));
    return 2 * sum;
  }

  /** The lower triangle of A⁻¹, row by row with stride n. */
  inverse(): Float64Array {
    const n = this.size;
    const inverted = this.#invertedFactor();
    const result = new Float64Array(n * n);
    for (let k = 0; k < n; k++) {
      const row = k * n;
      for (let i = 0; i <= k; i++) {
        const factor = inverted[row + i]!;
        const target = i * n;
        for (let j = 0; j <= i; j++) result[target + j]! += factor * inverted[row + j]!;
      }
    }
    return result;
  }

  #invertedFactor(): Float64Array {
    const n = this.size;
    const values = this.#values;
    const inverted = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      const row = i * n;
      for (let k = 0; k < i; k++) {
        const factor = values[i * this.#stride + k]!;
        const other = k * n;
        for (let j = 0; j <= k; j++) inverted[row + j]! -= factor * inverted[other + j]!;
      }
      const diagonal = values[i * this.#stride + i]!;
      for (let j = 0; j < i; j++) inverted[row + j]! /= diagonal;
      inverted[row + i] = 1 / diagonal;
    }
    return inverted;
  }

  #grow(): void {
    const stride = this.#stride * 2;
    const values = new Float64Array(stride * stride);
    for (let i = 0; i < this.size; i++)
      values.set(this.#values.subarray(i * this.#stride, i * this.#stride + i + 1), i * stride);
    this.#stride = stride;
    this.#values = values;
  }
}
