import { describe, expect, it } from '@jest/globals';
import { frozenNumerics, largestError } from '../testing/frozen-numerics.ts';
import { NegativeLogPosterior, fitKernel } from './fit-kernel.ts';
import { GaussianProcess } from './gaussian-process.ts';

const frozen = frozenNumerics.process;
const points = frozen.points.map((point) => Float64Array.from(point));
const kernel = {
  inverseSquares: Float64Array.from(frozen.inverseSquares),
  scale: frozen.scale,
  noise: frozen.noise,
};
const numeric = [false, false, false];

function fittedProcess(): GaussianProcess {
  const process = new GaussianProcess(kernel, numeric, 2);
  points.forEach((point) => process.add(point));
  process.setTargets(frozen.targets);
  return process;
}

describe('Gaussian process regression', () => {
  it('has the mean and variance that NumPy gives', () => {
    const process = fittedProcess();
    const predictions = frozen.queries.map((query) => process.predict(query));
    expect(
      largestError(
        predictions.map(({ mean }) => mean),
        frozen.mean,
      ),
    ).toBeLessThan(1e-9);
    expect(
      largestError(
        predictions.map(({ variance }) => variance),
        frozen.variance,
      ),
    ).toBeLessThan(1e-9);
    expect(
      largestError(
        frozen.queries.map((query) => process.mean(query)),
        frozen.mean,
      ),
    ).toBeLessThan(1e-9);
  });

  it('has gradients that agree with differences', () => {
    const process = fittedProcess();
    const byMean = new Float64Array(2);
    const byVariance = new Float64Array(2);
    const [query = []] = frozen.queries;
    process.predictWithGradient(query, [2, 0], byMean, byVariance);
    [2, 0].forEach((d, place) => {
      const at = (step: number) => process.predict(query.map((value, i) => (i === d ? value + step : value)));
      const [above, below] = [at(1e-6), at(-1e-6)];
      expect(byMean[place]).toBeCloseTo((above.mean - below.mean) / 2e-6, 5);
      expect(byVariance[place]).toBeCloseTo((above.variance - below.variance) / 2e-6, 5);
    });
  });

  it('tells categories apart without an order', () => {
    const process = new GaussianProcess({ ...kernel, inverseSquares: Float64Array.of(2) }, [true]);
    process.add(Float64Array.of(0));
    process.setTargets([1]);
    expect(process.mean([5])).toBe(process.mean([1]));
    expect(process.mean([0])).toBeGreaterThan(process.mean([1]));
  });

  it('takes the same point again without noise, and refuses what is not a number', () => {
    const process = new GaussianProcess({ ...kernel, noise: 0 }, numeric);
    process.add(points[0]!);
    process.add(points[0]!.slice());
    process.setTargets([1, 1]);
    expect(process.predict(points[0]!).mean).toBeCloseTo(1, 5);
    expect(() => process.add(Float64Array.of(NaN, 0, 0))).toThrow('not positive definite');
  });
});

describe('the fit of kernel parameters', () => {
  const objective = new NegativeLogPosterior(points, frozen.targets, numeric);
  const logs = Float64Array.from([...frozen.inverseSquares, frozen.scale, frozen.noise - 1e-8].map(Math.log));

  it('minimizes the negative log posterior that NumPy gives', () => {
    expect(objective.evaluate(logs, new Float64Array(5))).toBeCloseTo(frozen.negativeLogPosterior, 9);
  });

  it('has the gradient that differences give', () => {
    const gradient = new Float64Array(5);
    objective.evaluate(logs, gradient);
    gradient.forEach((slope, d) => {
      const at = (step: number) =>
        objective.evaluate(
          logs.map((value, i) => (i === d ? value + step : value)),
          new Float64Array(5),
        );
      expect(slope).toBeCloseTo((at(1e-6) - at(-1e-6)) / 2e-6, 5);
    });
  });

  it('ends nowhere worse than it began, with finite parameters', () => {
    const fit = fitKernel(points, frozen.targets, numeric);
    expect(fit.value).toBeLessThanOrEqual(frozen.negativeLogPosterior);
    expect(
      [...fit.kernel.inverseSquares, fit.kernel.scale, fit.kernel.noise].every(
        (v) => v > 0 && Number.isFinite(v),
      ),
    ).toBe(true);
  });
});
