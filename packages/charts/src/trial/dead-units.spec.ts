import { describe, expect, it } from '@jest/globals';
import { axesOf, seriesOf, textsOf } from '../testing/read-option.ts';
import { sampleTrialMetrics } from '../testing/sample-trial.ts';
import { testView } from '../testing/test-view.ts';
import { deadUnitsData, deadUnitsOption } from './dead-units.ts';

const base = sampleTrialMetrics({ epochs: 1, layers: ['a'] }).epochs[0]!;
const epoch = (shares: Record<string, [number | null, number | null, number | null]>) => ({
  ...base,
  layers: Object.entries(shares).map(([layer, [dead, dormant, saturated]]) => ({
    ...base.layers[0]!,
    layer,
    dead,
    dormant,
    saturated,
  })),
});

describe('dead and saturated units', () => {
  it('has a panel for each measure that any layer has', () => {
    const data = deadUnitsData({
      epochs: [epoch({ conv_1: [0.02, null, null], lstm_1: [null, null, 0.3] })],
    });
    expect(data.panels.map(({ name, lines }) => [name, lines])).toEqual([
      ['Dead', [{ layer: 'conv_1', shares: [0.02] }]],
      ['Saturated', [{ layer: 'lstm_1', shares: [0.3] }]],
    ]);
    expect(data.summary).toBe('At most, at the end: dead 2% in conv_1, saturated 30% in lstm_1.');
    const option = deadUnitsOption(data, testView);
    expect(axesOf(option, 'yAxis').map(({ min, max }) => [min, max])).toEqual([
      [0, 0.1],
      [0, 0.5],
    ]);
    expect(textsOf(option).join()).toContain('{name|Saturated}');
  });

  it('gives a layer the same color in every panel', () => {
    const option = deadUnitsOption(
      deadUnitsData({ epochs: [epoch({ a: [0.1, 0.2, null], b: [0.1, 0.3, null] })] }),
      testView,
    );
    const [deadA, deadB, dormantA, dormantB] = seriesOf(option).map(({ color }) => color);
    expect([dormantA, dormantB]).toEqual([deadA, deadB]);
    expect(deadA).not.toBe(deadB);
  });

  it('keeps the most affected of many layers, in the order of the network', () => {
    const shares = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [`l${i}`, [i / 100, null, null] as [number, null, null]]),
    );
    const data = deadUnitsData({ epochs: [epoch(shares)] });
    expect(data.panels[0]!.lines.map(({ layer }) => layer)).toEqual([
      'l22',
      'l23',
      'l24',
      'l25',
      'l26',
      'l27',
      'l28',
      'l29',
    ]);
    expect(data.note).toBe('The 8 most affected of 30 layers.');
  });

  it('says none where none is, and states what would be here', () => {
    expect(deadUnitsData({ epochs: [epoch({ a: [0, null, null] })] }).summary).toBe(
      'At most, at the end: dead none.',
    );
    expect(deadUnitsData({ epochs: [] }).empty).toMatch(/none has ended yet/);
  });
});
