/**
 * What a user asks for. Owner of the user's defaults: nothing else writes them down, not the CLI, not the
 * web UI, not the API documentation; all read them here.
 */
import * as z from 'zod';
import { modeSchema } from './objective-schema.ts';
import { prunerOptionsSchema } from './pruner-options.ts';
import { paramsSchema, parameterSchema } from './search-space.ts';
import { samplerNameSchema } from './sampler-name.ts';
import { stopRuleSchema } from './stop-rules.ts';

const field = <S extends z.ZodType>(schema: S, description: string): S => schema.describe(description);

/** A pruner's name alone stands for the pruner with its default options. */
const prunerSchema = z.preprocess(
  (value) => (typeof value === 'string' ? { name: value } : value),
  prunerOptionsSchema,
);

export const optimizationRequestSchema = z.strictObject({
  dataset: field(z.string().min(1).max(200), 'Name of a dataset of the catalogue, or of your own data.'),
  mode: field(
    modeSchema.default('health'),
    'What counts as good: accuracy alone, accuracy and health together, or a front of both against size.',
  ),
  network: field(
    z.enum(['auto', 'cnn', 'lstm']).default('auto'),
    'Kind of network; auto picks by the kind of data.',
  ),
  trials: field(z.int().min(1).max(100_000).default(50), 'How many configurations are tried.'),
  epochs: field(
    z.int().min(1).max(1000).default(10),
    'How many passes over the training data a trial may take.',
  ),
  parallelism: field(
    z.int().min(1).max(1024).default(256),
    'The most trials at once; fewer where there are fewer trainers.',
  ),
  weight: field(
    z.int().min(1).max(100).default(1),
    'How much of the trainers the job gets beside others: twice the weight, twice the trainers.',
  ),
  seed: field(
    z
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .default(() => Math.floor(Math.random() * 2 ** 32)),
    'Same seed, same study. Drawn at random when absent, and recorded.',
  ),
  sampler: field(samplerNameSchema.default('auto'), 'How configurations are proposed.'),
  pruner: field(prunerSchema.default({ name: 'none' }), 'Whether and how weak trials are stopped early.'),
  useGpu: field(z.boolean().default(false), 'Train on trainers that have a GPU.'),
  searchSpace: field(
    z.record(z.string(), z.union([parameterSchema, z.null()])).default({}),
    'Replaces parameters of the standard search space by name; null leaves one out, its architecture default is used.',
  ),
  enqueue: field(z.array(paramsSchema).max(1000).default([]), 'Parameters to try first, known to be good.'),
  name: field(z.string().trim().min(1).max(120).optional(), 'A name of your own for the job.'),
  stop: field(stopRuleSchema.optional(), 'A rule that ends the search before all trials are done.'),
  timeLimitSeconds: field(
    z
      .number()
      .positive()
      .max(30 * 86_400)
      .optional(),
    'Seconds after which the job starts no more trials.',
  ),
  trialTimeLimitSeconds: field(
    z
      .number()
      .positive()
      .max(7 * 86_400)
      .optional(),
    'A trial that takes longer fails.',
  ),
});

/** A validated request, every default filled in. */
export type OptimizationRequest = z.output<typeof optimizationRequestSchema>;
/** What a user may send: only the dataset is required. */
export type OptimizationRequestInput = z.input<typeof optimizationRequestSchema>;

export const optimizationRequestExamples: OptimizationRequestInput[] = [
  { dataset: 'mnist-10k' },
  { dataset: 'mnist-10k', mode: 'health', trials: 6, epochs: 3, seed: 1 },
  {
    dataset: 'spam-assassin',
    mode: 'pareto',
    trials: 20,
    sampler: 'tpe',
    searchSpace: { lstmLayers: null, learningRate: { type: 'float', low: 1e-4, high: 1e-2, log: true } },
    name: 'small spam filters',
  },
];
