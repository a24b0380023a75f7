import { describe, expect, it } from '@jest/globals';
import { frozenNumerics, largestError } from '../testing/frozen-numerics.ts';
import { CholeskyFactor } from './cholesky.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

const { n, a, b, factor, solution, inverse, logDeterminant, eigenvalues } = frozenNumerics.matrix;

function factorOf(rows: number, capacity: number): CholeskyFactor {
  const result = new CholeskyFactor(capacity);
  for (let i = 0; i < rows; i++) expect(result.append(a.slice(i * n, i * n + i + 1))).toBe(true);
  return result;
}

describe('the Cholesky factor against NumPy', () => {
  it('has the factor, the determinant and the inverse', () => {
    const own = factorOf(n, 1);
    const lower = factor.map((_, k) => (k % n <= Math.floor(k / n) ? own.at(Math.floor(k / n), k % n) : 0));
    expect(largestError(lower, factor)).toBeLessThan(1e-13);
    expect(own.logDeterminant()).toBeCloseTo(logDeterminant, 12);
    const inverted = own.inverse();
    const expected = inverse.map((value, k) => (k % n <= Math.floor(k / n) ? value : 0));
    const lowerOnly = inverted.map((value, k) => (k % n <= Math.floor(k / n) ? value : 0));
    expect(largestError(lowerOnly, expected)).toBeLessThan(1e-12);
  });

  it('solves', () => {
    const own = factorOf(n, n);
    expect(largestError(own.solveUpper(own.solveLower(Float64Array.from(b))), solution)).toBeLessThan(1e-12);
  });

  it('grown after a cut is bit for bit a new one', () => {
    const grown = factorOf(n, 2);
    grown.truncate(3);
    for (let i = 3; i < n; i++) grown.append(a.slice(i * n, i * n + i + 1));
    const fresh = factorOf(n, 16);
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) expect(grown.at(i, j)).toBe(fresh.at(i, j));
  });

  it('refuses what is not positive definite and stays as it was', () => {
    const own = factorOf(2, 4);
    const row = [a[0]!, a[n]!, a[0]!];
    expect(own.append(row)).toBe(false);
    expect(own.size).toBe(2);
  });
});

describe('the symmetric eigenproblem against NumPy', () => {
  it('has the eigenvalues, and vectors that give the matrix back', () => {
    const { values, vectors } = symmetricEigen(Float64Array.from(a), n);
    expect(
      largestError(
        [...values].sort((x, y) => x - y),
        eigenvalues,
      ),
    ).toBeLessThan(1e-12);
    const rebuilt = a.map((_, place) => {
      const [i, j] = [Math.floor(place / n), place % n];
      let sum = 0;
      for (let k = 0; k < n; k++) sum += vectors[i * n + k]! * values[k]! * vectors[j * n + k]!;
      return sum;
    });
    expect(largestError(rebuilt, a)).toBeLessThan(1e-12);
  });
});
