/**
 * The network to build and how to train it: owner of every architecture and training-hyperparameter default.
 *
 * Nothing else in the program writes one of these defaults: `modelConfigSchema.parse({ kind: 'cnn' })` is a
 * sensible network for small images, `parse({ kind: 'lstm' })` one for short texts. The number of epochs is not
 * part of it: it comes from the request.
 *
 * CNN:  Rescaling → convLayers × [Conv2D → (BatchNorm) → MaxPooling → activation] → GlobalAveragePooling | Flatten
 *       → denseLayers × [Dense → activation → Dropout] → Dense(classes) → softmax
 * LSTM: Embedding → lstmLayers × [LSTM | Bidirectional LSTM → Dropout] → denseLayers × [Dense → activation →
 *       Dropout] → Dense(classes) → softmax
 */
import * as z from 'zod';
import { parseOrThrow } from '../validation.ts';
import type { Params } from './search-space.ts';

export const OPTIMIZERS = ['sgd', 'rmsprop', 'adam', 'adamw'] as const;
export const SCHEDULES = ['constant', 'step', 'cosine', 'exponential', 'plateau'] as const;
export const ACTIVATIONS = ['relu', 'elu', 'selu', 'tanh', 'sigmoid'] as const;
export const INITIALIZERS = [
  'glorotUniform',
  'glorotNormal',
  'heUniform',
  'heNormal',
  'lecunNormal',
] as const;

const count = (high: number) => z.int().min(1).max(high);
const share = z.number().min(0).lt(1);

const training = {
  optimizer: z.enum(OPTIMIZERS).default('adam'),
  learningRate: z.number().positive().max(10).default(1e-3),
  /** Only SGD uses it; 0 is plain SGD. */
  momentum: share.default(0.9),
  /** Only AdamW uses it: the share of each weight that decays per step is learningRate × weightDecay. */
  weightDecay: z.number().min(0).max(1).default(0.01),
  /** How the learning rate moves over the epochs of the request. */
  schedule: z.enum(SCHEDULES).default('cosine'),
  /**
   * Epochs over which the learning rate climbs linearly to its value first; 0 starts at full rate. Measured on mnist-10k:
   * without warm-up Adam's first full steps leave twice as many hidden ReLUs dead for good.
   */
  warmupEpochs: z.number().min(0).max(100).default(1),
  batchSize: count(4096).default(64),
  /** Ends the trial after this many epochs without a lower validation loss; 0 trains every epoch. */
  earlyStoppingPatience: z.int().min(0).max(1000).default(0),
  dropout: share.default(0.25),
  /** Penalty l2 · Σ w² on every kernel and on the embedding, as Keras counts it. */
  l2: z.number().min(0).max(1).default(0),
  initializer: z.enum(INITIALIZERS).default('glorotUniform'),
  activation: z.enum(ACTIVATIONS).default('relu'),
  denseLayers: z.int().min(0).max(8).default(1),
  denseUnits: count(8192).default(128),
};

export const cnnModelConfigSchema = z.strictObject({
  kind: z.literal('cnn'),
  ...training,
  convLayers: count(8).default(2),
  /** Filters of the first convolution. */
  filters: count(1024).default(32),
  /** Each further convolution has this many times the filters of the one before. */
  filterGrowth: z.number().min(1).max(4).default(2),
  kernelSize: count(11).default(3),
  padding: z.enum(['same', 'valid']).default('same'),
  /** Side and stride of the max pooling after each convolution; 1 leaves pooling out. */
  poolSize: count(8).default(2),
  batchNorm: z.boolean().default(true),
  /** What turns feature maps into a vector. */
  pooling: z.enum(['global', 'flatten']).default('flatten'),
});
export type CnnModelConfig = z.infer<typeof cnnModelConfigSchema>;

export const lstmModelConfigSchema = z.strictObject({
  kind: z.literal('lstm'),
  ...training,
  denseLayers: training.denseLayers.default(0),
  denseUnits: training.denseUnits.default(64),
  /** Token ids below it are kept; rarer words become the out-of-vocabulary id. */
  vocabularySize: z.int().min(3).max(1_000_000).default(10_000),
  /** Tokens of a text that are read: its first ones. */
  sequenceLength: count(4096).default(100),
  embeddingSize: count(1024).default(64),
  lstmUnits: count(1024).default(64),
  lstmLayers: count(4).default(1),
  bidirectional: z.boolean().default(false),
});
export type LstmModelConfig = z.infer<typeof lstmModelConfigSchema>;

export const modelConfigSchema = z.discriminatedUnion('kind', [cnnModelConfigSchema, lstmModelConfigSchema]);
export type ModelConfig = z.infer<typeof modelConfigSchema>;
export const modelKindSchema = z.enum(['cnn', 'lstm']);
export type ModelKind = z.infer<typeof modelKindSchema>;
export type Activation = ModelConfig['activation'];
export type Initializer = ModelConfig['initializer'];

/**
 * The full model configuration of a point of the search space: what is absent takes its default.
 * @throws OneginError `params-invalid`, naming every unknown parameter and every value out of its range.
 */
export function modelConfigFromParams(kind: ModelKind, params: Params): ModelConfig {
  return parseOrThrow(modelConfigSchema, { ...params, kind }, `the ${kind}`, 'params-invalid');
}

/** Names that a search space of this kind may use. */
export function modelParameterNames(kind: ModelKind): string[] {
  const schema = kind === 'cnn' ? cnnModelConfigSchema : lstmModelConfigSchema;
  return Object.keys(schema.shape).filter((name) => name !== 'kind');
}

/** Examples for documentation and tests. */
export const modelConfigExamples: ModelConfig[] = [
  modelConfigFromParams('cnn', {}),
  modelConfigFromParams('lstm', {}),
  modelConfigFromParams('cnn', {
    convLayers: 3,
    filters: 16,
    pooling: 'global',
    optimizer: 'sgd',
    momentum: 0.8,
  }),
  modelConfigFromParams('lstm', { bidirectional: true, lstmLayers: 2, dropout: 0.4 }),
];
