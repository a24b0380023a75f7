import { describe, expect, it } from '@jest/globals';
import { cnnEpochs, cnnFullEpochs, lstmEpochs } from '../testing/trained-networks.ts';
import { epochsFromLog, epochsFromMetrics } from './layer-signals.ts';

describe('the epochs of a trained network', () => {
  it('say the same of every layer, from the log and from the full metrics', () => {
    const fromLog = epochsFromLog(cnnEpochs);
    const full = epochsFromMetrics(cnnFullEpochs);
    expect(fromLog.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    for (const [i, epoch] of fromLog.entries()) {
      expect([...epoch.layers.keys()]).toEqual([...(full[i]?.layers.keys() ?? [])]);
      for (const [id, { gradientNorm, dead }] of epoch.layers) {
        const other = full[i]?.layers.get(id);
        if (gradientNorm === null) expect(other?.gradientNorm).toBeNull();
        else expect(other?.gradientNorm).toBeCloseTo(gradientNorm, 3);
        expect(other?.dead).toBe(dead);
      }
    }
    expect(full[2]?.layers.get('activation_1')).toMatchObject({ activationStd: expect.any(Number) });
  });

  it('have a health for each layer that was measured', () => {
    const [first] = epochsFromLog(lstmEpochs);
    expect(first?.health.get('lstm_1')?.score).toBe(1);
    expect(first?.health.get('lstm_1')?.units).toBe(1);
    expect(first?.health.has('dropout_1')).toBe(false);
  });

  it('may have been logged without any layer', () => {
    const [first] = cnnEpochs;
    if (!first) throw new Error('expected an epoch');
    const { layers: _layers, ...bare } = first;
    expect(epochsFromLog([bare])[0]?.layers.size).toBe(0);
  });
});
