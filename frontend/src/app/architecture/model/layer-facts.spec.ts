import { describe, expect, it } from '@jest/globals';
import type { ArchitectureLayer } from '@onegin/contracts';
import { cnnArchitecture, cnnFullEpochs, lstmArchitecture } from '../testing/trained-networks.ts';
import { layerFacts, layerMeasures, unitsAfter } from './layer-facts.ts';
import { epochsFromMetrics } from './layer-signals.ts';
import { measure, percent } from './layer-words.ts';
import { sparkline } from './sparkline.ts';
import { walked, walkOfKey } from './walk.ts';

const epoch = epochsFromMetrics(cnnFullEpochs).at(-1);
function layer(id: string, { layers } = cnnArchitecture): ArchitectureLayer {
  const found = layers.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`expected a layer ${id}`);
  return found;
}

describe('what is told of a layer', () => {
  it('is what it has, and nothing it has not', () => {
    expect(layerFacts(layer('conv_2')).map(({ name, value }) => [name, value])).toEqual([
      ['Parameters', '1,152'],
      ['Filters', '16'],
      ['Window', '3 × 3'],
    ]);
    expect(layerFacts(layer('lstm_1', lstmArchitecture)).map(({ name }) => name)).toEqual([
      'Parameters',
      'Units',
    ]);
    expect(layerFacts(layer('dropout_1'))).toContainEqual({ name: 'Silenced while training', value: '5%' });
  });

  it('is its gradient where it has weights, its units where it has an activation', () => {
    const of = (id: string) =>
      layerMeasures(
        epoch?.layers.get(id) ?? { gradientNorm: null, updateRatio: null, dead: null, saturated: null },
      );
    expect(of('conv_1').map(({ name }) => name)).toEqual(['Gradient', 'Step', 'Weights']);
    expect(of('activation_1').map(({ name }) => name)).toEqual([
      'Dead units',
      'Dormant units',
      'Saturated units',
      'Activation',
    ]);
    expect(of('flatten')).toEqual([]);
  });

  it('points from weights to the activation where their units are seen', () => {
    expect(unitsAfter(cnnArchitecture, layer('conv_1'), epoch)?.id).toBe('activation_1');
    expect(unitsAfter(cnnArchitecture, layer('output'), epoch)).toBeNull();
    expect(unitsAfter(cnnArchitecture, layer('flatten'), epoch)).toBeNull();
    expect(unitsAfter(cnnArchitecture, layer('conv_1'), undefined)).toBeNull();
  });
});

describe('numbers as words', () => {
  it.each([
    [0.2136, '0.214'],
    [0, '0'],
    [null, '–'],
    [0.000065, '6.5 · 10⁻⁵'],
    [1234, '1,230'],
    [2e7, '2.0 · 10⁷'],
  ])('%p is %s', (value, words) => expect(measure(value)).toBe(words));

  it('rounds shares, but not to nothing', () => {
    expect([percent(0), percent(0.004), percent(0.126), percent(1)]).toEqual(['0%', '< 1%', '13%', '100%']);
  });
});

describe('a sparkline', () => {
  it('spans its box and breaks where there is no value', () => {
    expect(sparkline([1, 3])).toBe('M0.0 22.0L100.0 2.0');
    expect(sparkline([1, null, 3, 2])).toBe('M0.0 22.0M66.7 2.0L100.0 12.0');
    expect(sparkline([5, 5])).toBe('M0.0 12.0L100.0 12.0');
    expect(sparkline([0.1, 0, 10], { log: true })).toBe('M0.0 22.0M100.0 2.0');
  });

  it('is nothing for fewer than two values', () => {
    expect([sparkline([]), sparkline([1, null])]).toEqual(['', '']);
  });
});

describe('walking with the keyboard', () => {
  it('goes from layer to layer and stays at the ends', () => {
    const go = (from: string | null, key: string) => {
      const walk = walkOfKey(key);
      return walk && walked(cnnArchitecture, from, walk);
    };
    expect(go(null, 'ArrowRight')).toBe('input');
    expect(go(null, 'ArrowLeft')).toBe('softmax');
    expect(go('input', 'ArrowDown')).toBe('rescaling');
    expect(go('input', 'ArrowLeft')).toBe('input');
    expect(go('softmax', 'ArrowRight')).toBe('softmax');
    expect([go('conv_1', 'Home'), go('conv_1', 'End')]).toEqual(['input', 'softmax']);
    expect(go('conv_1', 'a')).toBeNull();
  });
});
