import { describe, expect, it } from '@jest/globals';
import { darkTheme, lightTheme } from '@onegin/charts';
import { VIRIDIS, type EpochSummary } from '@onegin/contracts';
import { cnnArchitecture, cnnEpochs, lstmArchitecture } from '../testing/trained-networks.ts';
import { legendOf } from './layer-kinds.ts';
import { epochsFromLog } from './layer-signals.ts';
import { COLOR_MODES, paintsOf } from './paint.ts';

const sick: EpochSummary = {
  ...cnnEpochs[0]!,
  layers: {
    conv_1: [1e-9, 1e-9, null, null],
    activation_1: [null, null, 0.5, null],
    output: [1, 1e-3, null, null],
  },
};
const look = { theme: lightTheme, epoch: epochsFromLog([sick])[0] };

describe('the colours of layers', () => {
  it('show health on the one scale, and say it in words', () => {
    const paints = paintsOf(cnnArchitecture, { ...look, mode: 'health' });
    expect(paints.get('conv_1')).toMatchObject({ fill: VIRIDIS[0], word: 'barely moves', ink: '#ffffff' });
    expect(paints.get('activation_1')).toMatchObject({ fill: VIRIDIS[5], word: '50% dead' });
    expect(paints.get('output')).toMatchObject({ fill: VIRIDIS.at(-1), word: 'healthy' });
    expect(paints.get('flatten')).toMatchObject({ fill: null, word: 'not measured' });
  });

  it('show the accuracy of the epoch, and nothing before the first', () => {
    const paints = paintsOf(cnnArchitecture, { ...look, mode: 'performance' });
    expect(new Set([...paints.values()].map(({ fill }) => fill)).size).toBe(1);
    expect(paints.get('input')?.word).toBe('accuracy 88%');
    const before = paintsOf(cnnArchitecture, { theme: lightTheme, epoch: undefined, mode: 'performance' });
    expect(before.get('input')).toMatchObject({ fill: null, word: 'no accuracy yet' });
  });

  it('show where the parameters are', () => {
    const paints = paintsOf(cnnArchitecture, { ...look, mode: 'parameters' });
    expect(paints.get('dense_1')).toMatchObject({ fill: VIRIDIS.at(-1), word: '25,120 parameters' });
    expect(paints.get('flatten')).toMatchObject({ fill: null, word: 'no parameters' });
  });

  it.each([lightTheme, darkTheme])('have a word beside them in every mode ($name)', (theme) => {
    for (const mode of COLOR_MODES)
      for (const { word } of paintsOf(cnnArchitecture, { ...look, theme, mode }).values())
        expect(word).not.toBe('');
  });
});

describe('4.5: the legend', () => {
  it('has only the kinds that are in the network', () => {
    expect(legendOf(cnnArchitecture).map(({ type, count }) => [type, count])).toEqual([
      ['input', 1],
      ['rescaling', 1],
      ['conv2d', 2],
      ['batchNorm', 2],
      ['maxPooling', 2],
      ['activation', 4],
      ['flatten', 1],
      ['dense', 2],
      ['dropout', 1],
    ]);
    expect(legendOf(lstmArchitecture).map(({ type }) => type)).toEqual([
      'input',
      'embedding',
      'lstm',
      'dropout',
      'dense',
      'activation',
    ]);
  });
});
