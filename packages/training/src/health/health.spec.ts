import { describe, expect, it } from '@jest/globals';
import {
  healthReportSchema,
  modelConfigFromParams,
  RandomStream,
  type EpochMetrics,
} from '@onegin/contracts';
import { planNetwork } from '../network/plan.ts';
import { accuracyConsistency } from './accuracy-consistency.ts';
import { analyzeHealth, type HealthInput } from './analyze-health.ts';
import { calibrationError } from './calibration.ts';
import { convergenceQuality, spearman } from './convergence-quality.ts';
import { effectiveRank, symmetricEigenvalues } from './effective-rank.ts';
import { gradientHealth } from './gradient-health.ts';
import { neuronUtilization } from './neuron-utilization.ts';
import { linearParameters, parameterEfficiency } from './parameter-efficiency.ts';
import { trainingStability } from './training-stability.ts';
import { saturatedGates, unitStatistics } from './unit-statistics.ts';

const normals = (count: number, scale = 1, seed = 1): Float32Array => {
  const stream = new RandomStream(seed);
  return Float32Array.from({ length: count }, () => scale * stream.normal());
};

describe('unit statistics', () => {
  /** 100 rows of 4 units. */
  const rows = (unit: (u: number, noise: number) => number) => {
    const noise = normals(400);
    return Float32Array.from({ length: 400 }, (_, i) => unit(i % 4, noise[i]!));
  };

  it('find dead and dormant ReLUs', () => {
    const relu = rows((u, z) => [0, Math.max(0, z), 0.001 * Math.max(0, z), Math.max(0, z)][u]!);
    expect(unitStatistics(relu, 4, 'relu')).toMatchObject({
      dead: 0.25,
      dormant: 0.5,
      inactive: 0.5,
      saturated: null,
    });
  });

  it('find stuck tanh and sigmoid units, which are not dead', () => {
    const tanh = rows((u, z) => Math.tanh([z, z + 9, z - 9, z][u]!));
    expect(unitStatistics(tanh, 4, 'tanh')).toMatchObject({ saturated: 0.5 });
    const sigmoid = rows((u, z) => 1 / (1 + Math.exp(-[z, z + 9, z - 9, z][u]!)));
    expect(unitStatistics(sigmoid, 4, 'sigmoid')).toMatchObject({ saturated: 0.5 });
  });

  it('find ELU and SELU units stuck at their floor', () => {
    const elu = rows((u, z) => [z, -0.9999 + 1e-5 * z, z, z][u]!);
    expect(unitStatistics(elu, 4, 'elu')).toMatchObject({ saturated: 0.25 });
    const selu = rows((u, z) => [z, -1.758 + 1e-5 * z, z, z][u]!);
    expect(unitStatistics(selu, 4, 'selu')).toMatchObject({ saturated: 0.25 });
  });

  it('call a unit that never moves dead, whatever its activation', () => {
    const still = rows((u, z) => (u === 1 ? 0.7 : Math.tanh(z)));
    expect(unitStatistics(still, 4, 'tanh')).toMatchObject({ dead: 0.25, dormant: 0, inactive: 0.25 });
  });

  it('look at every gate of an LSTM', () => {
    const open = rows((_u, z) => 0.5 + 0.1 * Math.tanh(z));
    const stuck = rows((u, z) => (u < 2 ? 0.9999 : 0.5 + 0.1 * Math.tanh(z)));
    const gates = [open, stuck, open, open].map((values) => ({ values, kind: 'sigmoid' as const }));
    expect(saturatedGates(gates, 4)).toBe(2 / 16);
  });

  it('count every value in the histogram, also when all are equal', () => {
    const total = (values: Float32Array) =>
      unitStatistics(values, 4, 'relu').histogram.counts.reduce((a, b) => a + b, 0);
    expect(total(normals(400))).toBe(400);
    expect(total(new Float32Array(400).fill(2))).toBe(400);
  });
});

describe('neuron utilization', () => {
  it('weighs layers by their units, and a saturated unit half as bad as a dead one', () => {
    expect(
      neuronUtilization([
        { units: 30, inactive: 0.5, saturated: null },
        { units: 10, inactive: 0, saturated: 0.4 },
      ]).value,
    ).toBeCloseTo((30 * 0.5 + 10 * 0.8) / 40);
  });

  it('is unknown, not a constant, without hidden units', () => {
    expect(neuronUtilization([])).toMatchObject({ known: false, value: null });
  });
});

describe('parameter efficiency', () => {
  const at = (accuracy: number, parameters: number) =>
    parameterEfficiency({ accuracy, chance: 0.1, parameters, linearParameters: 1000 }).value!;

  it('is never negative for small models, and at its best for them', () => {
    expect(at(0.95, 10)).toBeCloseTo(0.85 / 0.9);
    expect(at(0.95, 1000)).toBeCloseTo(0.85 / 0.9);
    expect(at(0.05, 10)).toBe(0);
  });

  it('falls with size and rises with skill', () => {
    expect(at(1, 1_000_000)).toBeCloseTo(0.5);
    expect(at(0.9, 10_000)).toBeGreaterThan(at(0.9, 100_000));
    expect(at(0.9, 10_000)).toBeGreaterThan(at(0.8, 10_000));
  });

  it('compares a text network with a regression on its own embedding', () => {
    const plan = planNetwork(
      modelConfigFromParams('lstm', { vocabularySize: 100, embeddingSize: 8 }),
      [50],
      2,
    );
    expect(linearParameters(plan)).toBe(100 * 8 + 9 * 2);
    expect(linearParameters(planNetwork(modelConfigFromParams('cnn', {}), [28, 28, 1], 10))).toBe(7850);
  });
});

describe('training stability', () => {
  const curve = (noise: number, spikes = 0) => {
    const z = normals(400, noise);
    return Array.from(
      z,
      (value, i) => 0.3 + Math.exp(-i / 50) + value + (spikes && i % 40 === 39 ? spikes : 0),
    );
  };

  it('prefers quiet over noisy over spiky training', () => {
    const [quiet, noisy, spiky] = [curve(0.005), curve(0.08), curve(0.005, 1)].map(
      (losses) => trainingStability(losses, 10).value!,
    );
    expect(quiet).toBeGreaterThan(0.9);
    expect(noisy).toBeLessThan(0.7);
    expect(spiky).toBeLessThan(quiet!);
  });

  it('is 0 when a loss is not finite, and unknown after a handful of steps', () => {
    expect(trainingStability([1, NaN, ...curve(0.01)], 10).value).toBe(0);
    expect(trainingStability([1, 0.9, 0.8], 10)).toMatchObject({ known: false, value: null });
  });

  it('does not call a solved task unstable for its relatively noisy tiny losses', () => {
    const solved = Array.from(normals(400, 0.002), (z) => Math.abs(z));
    expect(trainingStability(solved, 10).value).toBeGreaterThan(0.9);
  });
});

describe('gradient health', () => {
  const layer = (gradientNorm: number | null, updateRatio: number | null) => ({
    layer: 'x',
    gradientNorm,
    weightNorm: 1,
    updateRatio,
    dead: null,
    dormant: null,
    saturated: null,
    activationMean: null,
    activationStd: null,
  });

  it('sees gradients vanish and explode with depth', () => {
    const healthy = gradientHealth([{ layers: [layer(0.5, 1e-3), layer(1, 1e-3)] }]).value!;
    const vanishing = gradientHealth([{ layers: [layer(1e-9, 1e-9), layer(1, 1e-3)] }]).value!;
    const exploding = gradientHealth([{ layers: [layer(1e6, 2), layer(1, 1e-3)] }]).value!;
    expect(healthy).toBe(1);
    expect(vanishing).toBe(0.5);
    expect(exploding).toBe(0.5);
  });

  it('counts gradients that are not finite, and knows one epoch', () => {
    expect(gradientHealth([{ layers: [layer(null, null), layer(1, 1e-3)] }]).value).toBe(0.5);
    expect(gradientHealth([])).toMatchObject({ known: false });
  });
});

describe('convergence quality', () => {
  const falling = [2, 1.2, 0.8, 0.6, 0.5, 0.46, 0.45, 0.449];

  it('prefers a curve that falls and settles over jagged, relapsing and flat ones', () => {
    const quality = (losses: number[]) => convergenceQuality(losses, [], 10).value!;
    expect(quality(falling)).toBeGreaterThan(0.95);
    expect(quality([2, 0.7, 1.8, 0.6, 1.7, 0.5, 1.9, 0.6])).toBeLessThan(0.75);
    expect(quality([...falling, 1.5, 2])).toBeLessThan(0.6);
    expect(quality([2.31, 2.31, 2.32, 2.31])).toBe(0);
  });

  it('reads a single epoch from the losses within it', () => {
    const within = Array.from({ length: 160 }, (_, i) => 2.3 * Math.exp(-i / 20));
    expect(convergenceQuality([0.3], within, 10).value).toBeGreaterThan(0.9);
    expect(convergenceQuality([2.3], within.slice(0, 5), 10)).toMatchObject({ known: false });
  });

  it('ranks ties by their mean', () => {
    expect(spearman([1, 2, 3, 4], [10, 20, 30, 40])).toBeCloseTo(1);
    expect(spearman([1, 2, 3, 4], [4, 3, 2, 1])).toBeCloseTo(-1);
    // SciPy: spearmanr([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]) = 0.8207826816681233
    expect(spearman([1, 2, 3, 4, 5], [5, 6, 7, 8, 7])).toBeCloseTo(0.8207826816681233, 12);
    expect(spearman([1, 2, 3], [5, 5, 5])).toBe(0);
  });
});

describe('accuracy consistency', () => {
  const sample = (right: (i: number) => boolean, count = 1000) => {
    const labels = Int32Array.from({ length: count }, (_, i) => i % 4);
    return {
      labels,
      predicted: labels.map((label, i) => (right(i) ? label : (label + 1) % 4)),
      classes: 4,
      seed: 1,
    };
  };
  const stream = new RandomStream(5);
  const coin = Array.from({ length: 1000 }, () => stream.uniform());

  it('is high when mistakes fall anywhere, low when one class bears them', () => {
    expect(accuracyConsistency(sample((i) => coin[i]! < 0.9)).value).toBeGreaterThan(0.8);
    expect(accuracyConsistency(sample((i) => i % 4 !== 2)).value).toBeLessThan(0.1);
  });

  it('is defined when all is right or wrong, and unknown for a handful of samples', () => {
    expect(accuracyConsistency(sample(() => true)).value).toBe(1);
    expect(accuracyConsistency(sample(() => false)).value).toBe(0);
    expect(accuracyConsistency(sample(() => true, 50))).toMatchObject({ known: false });
  });
});

describe('effective rank', () => {
  it('counts the directions in use', () => {
    const noise = normals(4000);
    expect(effectiveRank(noise, 4)).toBeGreaterThan(0.99);
    const copies = Float32Array.from({ length: 4000 }, (_, i) => noise[i >> 2]!);
    expect(effectiveRank(copies, 4)).toBeCloseTo(0.25, 3);
    expect(effectiveRank(new Float32Array(4000).fill(3), 4)).toBe(0);
  });

  it('rests on right eigenvalues', () => {
    // NumPy: eigvalsh of this matrix
    const matrix = [
      [4, 1, -2, 2],
      [1, 2, 0, 1],
      [-2, 0, 3, -2],
      [2, 1, -2, -1],
    ].map((row) => Float64Array.from(row));
    const expected = [-2.19751698, 1.08436446, 2.26853141, 6.84462111];
    const found = symmetricEigenvalues(matrix).sort((a, b) => a - b);
    found.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 7));
  });

  it('keeps trace and sum of squares of a large matrix', () => {
    const n = 60;
    const values = normals(n * n, 1, 9);
    const matrix = Array.from({ length: n }, (_, i) =>
      Float64Array.from({ length: n }, (_, j) => values[i * n + j]! + values[j * n + i]!),
    );
    const trace = matrix.reduce((sum, row, i) => sum + row[i]!, 0);
    const squares = matrix.reduce((sum, row) => sum + row.reduce((s, v) => s + v * v, 0), 0);
    const found = symmetricEigenvalues(matrix);
    expect(found.reduce((a, b) => a + b, 0)).toBeCloseTo(trace, 8);
    expect(found.reduce((a, b) => a + b * b, 0)).toBeCloseTo(squares, 6);
  });
});

describe('calibration error', () => {
  it('is the gap between confidence and accuracy', () => {
    const labels = Int32Array.from({ length: 100 }, (_, i) => Number(i < 20));
    const sure = Float32Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 0.8 : 0.2));
    expect(calibrationError(sure, new Int32Array(100), labels)).toBeCloseTo(0, 6);
    const overconfident = sure.map((_, i) => (i % 2 === 0 ? 1 : 0));
    expect(calibrationError(overconfident, new Int32Array(100), labels)).toBeCloseTo(0.2, 6);
  });
});

describe('analyzeHealth', () => {
  const plan = planNetwork(modelConfigFromParams('lstm', { vocabularySize: 100, embeddingSize: 8 }), [50], 2);
  const epoch: EpochMetrics = {
    epoch: 1,
    trainLoss: 0.4,
    trainAccuracy: 0.9,
    validationLoss: 0.5,
    validationAccuracy: 0.8,
    learningRate: 1e-3,
    seconds: 1,
    samplesPerSecond: 100,
    layers: [],
  };
  const input: HealthInput = {
    plan,
    seed: 1,
    epochs: [epoch],
    stepLosses: [0.6, 0.5],
    layers: [],
    validation: {
      labels: Int32Array.from([0, 1]),
      predicted: Int32Array.from([0, 1]),
      probabilities: Float32Array.from([0.9, 0.1, 0.2, 0.8]),
      accuracy: 1,
    },
  };

  it('reports a trial of one short epoch without inventing a number', () => {
    const report = analyzeHealth(input);
    expect(healthReportSchema.parse(report)).toEqual(report);
    const unknown = Object.entries(report).filter(
      ([, value]) => typeof value === 'object' && value && !value.known,
    );
    expect(unknown.map(([name]) => name)).toEqual([
      'neuronUtilization',
      'trainingStability',
      'gradientHealth',
      'convergenceQuality',
      'accuracyConsistency',
    ]);
    expect(report.score).toBe(report.parameterEfficiency.value);
    expect(report.overfittingGap).toBeCloseTo(0.1);
  });
});
