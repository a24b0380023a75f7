/**
 * The search space of a study that names none, per model kind.
 *
 * Sized so that one epoch over 10,000 digits of 28 × 28 (or 2,000 short mails) takes seconds on two cores.
 * Each parameter carries the sentence that the request form shows beside it.
 */
import type { ModelKind } from './model-config.ts';
import { ACTIVATIONS, INITIALIZERS, OPTIMIZERS, SCHEDULES } from './model-config.ts';
import type { SearchSpace } from './search-space.ts';

const training: SearchSpace = {
  optimizer: {
    type: 'categorical',
    choices: [...OPTIMIZERS],
    explanation: 'The rule that turns gradients into weight changes.',
  },
  learningRate: {
    type: 'float',
    low: 1e-4,
    high: 1e-2,
    log: true,
    explanation: 'How far each step moves the weights: too small learns slowly, too large never settles.',
  },
  momentum: {
    type: 'float',
    low: 0,
    high: 0.98,
    when: { param: 'optimizer', in: ['sgd'] },
    explanation: 'How much of the previous step SGD carries on into the next one.',
  },
  weightDecay: {
    type: 'float',
    low: 1e-5,
    high: 1e-1,
    log: true,
    when: { param: 'optimizer', in: ['adamw'] },
    explanation: 'How strongly AdamW shrinks the weights at every step, which keeps a network simple.',
  },
  schedule: {
    type: 'categorical',
    choices: [...SCHEDULES],
    explanation: 'How the learning rate changes over the epochs.',
  },
  batchSize: {
    type: 'categorical',
    choices: [32, 64, 128],
    explanation: 'Samples per step: small batches are noisy but generalize well, large ones run faster.',
  },
  dropout: {
    type: 'float',
    low: 0,
    high: 0.5,
    step: 0.05,
    explanation: 'Share of units silenced at random in each step, so that none is relied on alone.',
  },
  l2: {
    type: 'float',
    low: 1e-7,
    high: 1e-3,
    log: true,
    explanation: 'Penalty on large weights, which smooths what the network learns.',
  },
  initializer: {
    type: 'categorical',
    choices: [...INITIALIZERS],
    explanation: 'How the weights are drawn before training starts.',
  },
};

const denseUnits = (low: number, high: number): SearchSpace => ({
  denseUnits: {
    type: 'int',
    low,
    high,
    step: low,
    when: { param: 'denseLayers', in: [1, 2] },
    explanation: 'Units of each hidden dense layer: its width.',
  },
  activation: {
    type: 'categorical',
    choices: [...ACTIVATIONS],
    explanation: 'The bend that each hidden unit puts on its sum; without it layers would collapse into one.',
  },
});

const cnn: SearchSpace = {
  convLayers: {
    type: 'int',
    low: 1,
    high: 3,
    explanation: 'Convolutions in a row: depth, from strokes to shapes to objects.',
  },
  filters: {
    type: 'int',
    low: 8,
    high: 32,
    step: 8,
    explanation: 'Patterns that the first convolution looks for; each further one looks for twice as many.',
  },
  kernelSize: {
    type: 'categorical',
    choices: [3, 5],
    explanation: 'Side of the square of pixels that a filter sees at once.',
  },
  batchNorm: {
    type: 'categorical',
    choices: [true, false],
    explanation:
      'Whether each convolution is normalized over its batch, which steadies and speeds up training.',
  },
  pooling: {
    type: 'categorical',
    choices: ['global', 'flatten'],
    explanation: 'Average every feature map to one number (global), or keep all positions (flatten).',
  },
  denseLayers: {
    type: 'int',
    low: 0,
    high: 2,
    explanation: 'Hidden dense layers between the features and the answer.',
  },
  ...denseUnits(32, 256),
  ...training,
};

const lstm: SearchSpace = {
  vocabularySize: {
    type: 'categorical',
    choices: [2000, 5000, 10_000],
    explanation: 'How many of the most frequent words are told apart; all others count as one unknown word.',
  },
  sequenceLength: {
    type: 'categorical',
    choices: [50, 100, 200],
    explanation: 'How many words of a text are read.',
  },
  embeddingSize: {
    type: 'int',
    low: 16,
    high: 96,
    step: 16,
    explanation: 'Numbers that describe a word to the network.',
  },
  lstmUnits: {
    type: 'int',
    low: 16,
    high: 96,
    step: 16,
    explanation: 'Memory cells of each LSTM layer: how much it can carry along a text.',
  },
  lstmLayers: { type: 'int', low: 1, high: 2, explanation: 'LSTM layers on top of each other.' },
  bidirectional: {
    type: 'categorical',
    choices: [true, false],
    explanation: 'Whether a text is also read from its end to its beginning.',
  },
  denseLayers: {
    type: 'int',
    low: 0,
    high: 2,
    explanation: 'Hidden dense layers between the LSTM and the answer.',
  },
  ...denseUnits(16, 128),
  ...training,
};

/** The standard search space of a model kind. */
export const standardSpace = (kind: ModelKind): SearchSpace => structuredClone(kind === 'cnn' ? cnn : lstm);
