import { describe, expect, it } from '@jest/globals';
import { bandScore, layersHealth, type LayerSignals } from './layer-health.ts';

const weighted = (gradientNorm: number | null, updateRatio: number | null): LayerSignals => ({
  gradientNorm,
  updateRatio,
  dead: null,
  saturated: null,
});
const units = (dead: number, saturated: number | null = null): LayerSignals => ({
  gradientNorm: null,
  updateRatio: null,
  dead,
  saturated,
});
const healthOf = (layers: Record<string, LayerSignals>) => layersHealth(new Map(Object.entries(layers)));

describe('a band', () => {
  it('is whole inside and falls over one decade outside', () => {
    expect(bandScore(1e-3, [1e-5, 1e-1])).toBe(1);
    expect(bandScore(10 ** -5.5, [1e-5, 1e-1])).toBeCloseTo(0.5);
    expect(bandScore(10 ** -0.25, [1e-5, 1e-1])).toBeCloseTo(0.25);
    expect([0, NaN, 1e-9, 10].map((value) => bandScore(value, [1e-5, 1e-1]))).toEqual([0, 0, 0, 0]);
  });
});

describe('the health of layers', () => {
  it('is 1 without findings where gradients and units are in order', () => {
    const health = healthOf({
      conv_1: weighted(0.3, 3e-3),
      activation_1: units(0, 0),
      output: weighted(0.6, 1e-3),
    });
    for (const layer of health.values()) expect(layer).toMatchObject({ score: 1, findings: [] });
    expect(health.get('activation_1')).toMatchObject({ gradient: null, units: 1 });
  });

  it('compares a gradient with the one of the last layer', () => {
    const vanishing = healthOf({ conv_1: weighted(1e-6, 1e-3), output: weighted(1, 1e-3) });
    expect(vanishing.get('conv_1')).toMatchObject({ score: 0.5, findings: ['vanishing'] });
    const exploding = healthOf({ conv_1: weighted(1e5, 1e-3), output: weighted(1, 1e-3) });
    expect(exploding.get('conv_1')?.findings).toEqual(['exploding']);
    expect(exploding.get('output')?.findings).toEqual([]);
  });

  it('tells weights that hardly move from weights that jump', () => {
    const health = healthOf({ dense_1: weighted(1, 1e-7), output: weighted(1, 0.5) });
    expect(health.get('dense_1')?.findings).toEqual(['barely-moving']);
    expect(health.get('output')?.findings).toEqual(['thrashing']);
  });

  it('counts dead units whole, saturated ones half, and dormant ones where they are known', () => {
    const health = healthOf({
      relu: units(0.4),
      tanh: units(0, 0.6),
      sleepy: { ...units(0.1), dormant: 0.5 },
      few: units(0.05),
      some: units(0.1, 0.1),
      dying: units(0.9, 0.8),
    });
    expect(health.get('relu')).toMatchObject({ score: 0.6, findings: ['dead'] });
    expect(health.get('tanh')).toMatchObject({ score: 0.7, findings: ['saturated'] });
    expect(health.get('sleepy')?.score).toBe(0.5);
    expect(health.get('few')?.findings).toEqual([]);
    expect(health.get('some')?.findings).toEqual(['dead', 'saturated']);
    expect(health.get('dying')?.score).toBe(0);
  });

  it('takes a layer without any finite number for one whose gradient was not finite', () => {
    expect(healthOf({ conv_1: weighted(null, null) }).get('conv_1')).toEqual({
      score: 0,
      gradient: 0,
      units: null,
      findings: ['gradient-not-finite'],
    });
  });

  it('names the worst first and scores an LSTM by the worse of both', () => {
    const both = { ...weighted(1e-9, 1e-9), dead: 0.2, saturated: 0 };
    const health = healthOf({ lstm_1: both, output: weighted(1, 1e-3) }).get('lstm_1');
    expect(health).toMatchObject({ score: 0, gradient: 0, units: 0.8 });
    expect(health?.findings.at(-1)).toBe('dead');
  });
});
