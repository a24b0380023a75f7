/** What a person calls each kind of layer, what it does in one sentence, and its colour. */
import type { Architecture, LayerType } from '@onegin/contracts';
import type { ChartTheme } from '@onegin/charts';

export interface LayerKind {
  readonly word: string;
  readonly explanation: string;
  /** Its colour in a theme. Kinds that are alike share one: the word is always there too. */
  readonly color: (theme: ChartTheme) => string;
}

const series = (index: number) => (theme: ChartTheme) =>
  theme.series[index % theme.series.length] ?? theme.text;
const muted = (theme: ChartTheme) => theme.muted;

export const LAYER_KINDS: Readonly<Record<LayerType, LayerKind>> = {
  input: {
    word: 'Input',
    explanation: 'What the network is given: the pixels of an image, or the numbers of the words of a text.',
    color: muted,
  },
  rescaling: {
    word: 'Rescaling',
    explanation: 'Brings pixels from 0…255 to 0…1, where training behaves well. It learns nothing.',
    color: muted,
  },
  conv2d: {
    word: 'Convolution',
    explanation:
      'Slides small learned patterns over the image; each filter gives one map of where its pattern is.',
    color: series(1),
  },
  batchNorm: {
    word: 'Batch normalization',
    explanation:
      'Centres and scales each channel over the batch, so that the layers after it see steady values.',
    color: series(4),
  },
  maxPooling: {
    word: 'Max pooling',
    explanation:
      'Keeps the strongest value of each small window: a smaller map that minds small shifts less.',
    color: series(2),
  },
  activation: {
    word: 'Activation',
    explanation:
      'Bends every value by a fixed curve; without it all layers together would be one straight map.',
    color: series(5),
  },
  globalAveragePooling: {
    word: 'Global average pooling',
    explanation: 'Keeps one number per map, its mean: how much of the pattern there is, no matter where.',
    color: series(2),
  },
  flatten: {
    word: 'Flatten',
    explanation: 'Lays all maps out as one long vector for the dense layers. It changes no value.',
    color: series(0),
  },
  embedding: {
    word: 'Embedding',
    explanation:
      'Gives each word of the vocabulary a learned vector; words used alike end up near each other.',
    color: series(0),
  },
  lstm: {
    word: 'LSTM',
    explanation: 'Reads the sequence step by step with a memory that gates let in, keep and let out.',
    color: series(7),
  },
  bidirectionalLstm: {
    word: 'Bidirectional LSTM',
    explanation: 'Two LSTMs, one reading forwards and one backwards; their outputs are joined.',
    color: series(7),
  },
  dropout: {
    word: 'Dropout',
    explanation: 'Silences a random share of the values while training, so that no unit is relied on alone.',
    color: muted,
  },
  dense: {
    word: 'Dense',
    explanation: 'Connects every input with every unit: each unit is a weighted sum of all it is given.',
    color: series(3),
  },
};

export interface LegendEntry {
  readonly type: LayerType;
  readonly word: string;
  readonly count: number;
}

/** The kinds that are in this network, in the order of their first layer. */
export function legendOf({ layers }: Architecture): LegendEntry[] {
  const counts = new Map<LayerType, number>();
  for (const { type } of layers) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => ({ type, word: LAYER_KINDS[type].word, count }));
}
