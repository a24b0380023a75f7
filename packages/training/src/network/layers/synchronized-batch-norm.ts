/**
 * Batch normalization over a batch that is spread over several devices: the statistics are those of the whole batch.
 *
 * Symbols: n_r rows of device r, m_r and v_r mean and variance of its channels, N positions of the whole batch,
 * x̂ = (x − μ) / √(σ² + ε), s = γ / √(σ² + ε).
 *   μ = Σ n_r m_r / Σ n_r,   σ² = Σ n_r (v_r + (m_r − μ)²) / Σ n_r      (Chan et al. 1979)
 *   dx = s · (dy − Σ dy / N − x̂ · Σ (dy · x̂) / N)                       (Ioffe & Szegedy 2015)
 */
import type { NormBlockResult, Tensor } from '../../engine/engine.ts';
import type { Pass } from './layer.ts';

interface Saved {
  mean: Float64Array;
  variance: Float64Array;
}

/** y and the statistics of the whole batch. */
export function synchronizedBatchNorm(
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  epsilon: number,
  pass: Pass,
): NormBlockResult {
  const { ops } = pass;
  const own = ops.normBlock(x, gamma, beta, epsilon, { poolSize: 1, relu: false });
  const saved = wholeStatistics(ops.values(own.batchMean), ops.values(own.batchVariance), pass);
  const channels = gamma.shape;
  const batchMean = ops.tensor(Float32Array.from(saved.mean), channels);
  const batchVariance = ops.tensor(Float32Array.from(saved.variance), channels);
  const output = ops.batchNormWith(x, gamma, beta, batchMean, batchVariance, epsilon);
  return { output, batchMean, batchVariance, saved };
}

/** Every device lays its statistics into a table of zeros, so that the sum of the tables holds them all. */
function wholeStatistics(mean: Float32Array, variance: Float32Array, { group, share }: Pass): Saved {
  const channels = mean.length;
  const width = 2 * channels + 1;
  const table = new Float64Array(group.size * width);
  const row = group.rank * width;
  table.set(mean, row);
  table.set(variance, row + channels);
  table[row + 2 * channels] = share.counted;
  group.sum(table);
  const rows = Array.from({ length: group.size }, (_, r) => table.subarray(r * width, (r + 1) * width));
  const weights = rows.map((one) => one[2 * channels]! / share.whole);
  const mixed = (value: (one: Float64Array) => number): number =>
    rows.reduce((sum, one, r) => sum + weights[r]! * value(one), 0);
  const means = Float64Array.from(mean, (_, c) => mixed((one) => one[c]!));
  const variances = means.map((middle, c) => mixed((one) => one[channels + c]! + (one[c]! - middle) ** 2));
  return { mean: means, variance: variances };
}

/** dx, and this device's part of the gradients of γ and β. */
export function synchronizedBatchNormGradients(
  x: Tensor,
  gamma: Tensor,
  result: NormBlockResult,
  dy: Tensor,
  epsilon: number,
  pass: Pass,
): { input: Tensor; gamma: Tensor; beta: Tensor } {
  const { ops, group, share } = pass;
  const { variance } = result.saved as Saved;
  const vector = (value: (c: number) => number): Tensor =>
    ops.tensor(
      Float32Array.from(variance, (_, c) => value(c)),
      gamma.shape,
    );
  const [one, zero] = [vector(() => 1), vector(() => 0)];
  const normalized = ops.batchNormWith(x, one, zero, result.batchMean, result.batchVariance, epsilon);
  const dGamma = ops.biasGradient(ops.multiply(dy, normalized));
  const dBeta = ops.biasGradient(dy);
  const [sumGamma, sumBeta] = [Float64Array.from(ops.values(dGamma)), Float64Array.from(ops.values(dBeta))];
  group.sum(sumGamma, sumBeta);
  const positions = (share.whole * x.shape.slice(0, -1).reduce((a, b) => a * b, 1)) / share.rows;
  const scales = ops.values(gamma);
  // A row that only fills a device's place was no part of the batch, so the batch's statistics do not depend on it.
  const slope = (c: number): number =>
    share.counted > 0 ? scales[c]! / Math.sqrt(variance[c]! + epsilon) : 0;
  const direct = ops.multiply(dy, vector(slope));
  const tilt = vector((c) => (-slope(c) * sumGamma[c]!) / positions);
  const tilted = ops.multiply(normalized, tilt);
  const shift = vector((c) => (-slope(c) * sumBeta[c]!) / positions);
  return { input: ops.addBias(ops.add(direct, tilted), shift), gamma: dGamma, beta: dBeta };
}
