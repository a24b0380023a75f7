/**
 * Weights of n observations, oldest first, and last the prior's weight 1: all ones below 25 observations,
 * else the newest 25 have 1 and the older ones rise evenly from 1/n to 1.
 */
export function recencyWeights(count: number): Float64Array {
  const weights = new Float64Array(count + 1).fill(1);
  const ramp = count - 25;
  for (let i = 0; i < ramp; i++)
    weights[i] = ramp === 1 ? 1 / count : 1 / count + ((1 - 1 / count) * i) / (ramp - 1);
  return weights;
}
