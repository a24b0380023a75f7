/** `model-card.md`: what the model is, what it was trained on, how good and how healthy it is, and how to load it. */
import { HEALTH_METRICS, hyperparameterFields } from '@onegin/contracts';
import type { DatasetInfo, HealthMetric, TrialMetrics } from '@onegin/contracts';
import type { NetworkPlan } from '../network/plan.ts';
import { layerLabel } from '../network/architecture-data.ts';

export interface ModelCardInput {
  name: string;
  dataset: DatasetInfo;
  plan: NetworkPlan;
  metrics: TrialMetrics;
  epochs: number;
  /** On the publisher's test part, measured once with the final model. */
  testAccuracy?: number;
  createdAt: Date;
  /** How the model came to be: study and trial. */
  origin: { jobId: string; trial: number };
}

const percent = (share: number): string => `${(100 * share).toFixed(2)}%`;

/** A class without samples or without predictions has no such score. */
const decimals = (value: number | null): string => (value === null ? '–' : value.toFixed(3));

const HEALTH_TITLES: Record<HealthMetric, string> = {
  neuronUtilization: 'Neuron utilization',
  parameterEfficiency: 'Parameter efficiency',
  trainingStability: 'Training stability',
  gradientHealth: 'Gradient health',
  convergenceQuality: 'Convergence quality',
  accuracyConsistency: 'Accuracy consistency',
};

/** A pipe in a cell would end it. */
const cell = (value: unknown): string => String(value).replaceAll('|', '\\|').replaceAll('\n', ' ');

function table(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const line = (cells: readonly unknown[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function dataSection({ dataset }: ModelCardInput): string {
  const { title, description, sizes, classes, licence, page, synthetic } = dataset;
  const names = classes.length > 20 ? `${classes.slice(0, 20).join(', ')}, …` : classes.join(', ');
  return [
    `**${title}**${page ? ` ([about it](${page}))` : ''}: ${description}`,
    ...(synthetic ? ['', '**The data is synthetic: it was drawn by a program.**'] : []),
    '',
    `- Samples: ${sizes.train} for training, ${sizes.validation} for validation, ${sizes.test} held back for the test.`,
    `- ${classes.length} classes: ${names}.`,
    `- Licence: ${licence}.`,
  ].join('\n');
}

function scoreSection({ metrics, testAccuracy }: ModelCardInput): string {
  const rows: [string, string][] = [
    ['Validation accuracy', percent(metrics.validationAccuracy)],
    ['Validation loss', metrics.validationLoss.toFixed(4)],
  ];
  if (testAccuracy !== undefined) rows.unshift(['Test accuracy', percent(testAccuracy)]);
  const perClass = metrics.classScores.map(({ label, precision, recall, f1, support }) => [
    label,
    decimals(precision),
    decimals(recall),
    decimals(f1),
    support,
  ]);
  return [
    table(['Score', 'Value'], rows),
    '',
    'On the validation part, by class:',
    '',
    table(['Class', 'Precision', 'Recall', 'F1', 'Samples'], perClass),
  ].join('\n');
}

function healthSection({ metrics: { health } }: ModelCardInput): string {
  const rows = HEALTH_METRICS.map((metric) => {
    const value = health[metric];
    return [HEALTH_TITLES[metric], value.known ? value.value.toFixed(3) : `not known: ${value.reason}`];
  });
  const score = health.score === null ? 'not known' : health.score.toFixed(3);
  const gap = health.overfittingGap === null ? '' : ` Overfitting gap: ${health.overfittingGap.toFixed(3)}.`;
  return [`Health score: **${score}** (1 is healthy).${gap}`, '', table(['Metric', 'Value'], rows)].join(
    '\n',
  );
}

function loadingSection({ plan, name }: ModelCardInput): string {
  const shape = `[batch, ${plan.inputShape.join(', ')}]`;
  const input =
    plan.model.kind === 'cnn'
      ? `Images as float32 of shape ${shape}, pixels 0 to 255: the first layer scales them.`
      : `Token ids as int32 of shape ${shape}: 0 is padding and stands in front, 1 is an unknown word, from 2 on the ` +
        `words by frequency in the training part (\`vocabulary.txt\`, where line 1 is id 0); only the first ` +
        `${plan.inputShape[0]} words of a text are read. Words are runs of letters, with inner apostrophes, or of ` +
        'digits, in lower case.';
  return [
    `${input} The output holds the probabilities of the ${plan.classes} classes.`,
    '',
    'In Python, with Keras 3:',
    '',
    '```python',
    'import keras',
    '',
    `model = keras.models.load_model("${name}.keras")`,
    'probabilities = model.predict(inputs)',
    '```',
    '',
    'In the browser or in Node, with TensorFlow.js:',
    '',
    '```js',
    "import * as tf from '@tensorflow/tfjs';",
    '',
    "const model = await tf.loadLayersModel('tfjs/model.json');",
    'const probabilities = model.predict(inputs);',
    '```',
  ].join('\n');
}

export function writeModelCard(input: ModelCardInput): string {
  const { name, plan, metrics, epochs, createdAt, origin } = input;
  const layers = plan.layers.map((layer) => [
    layer.id,
    layerLabel(layer),
    layer.outputShape.join(' × '),
    layer.parameters.toLocaleString('en'),
  ]);
  const fields = hyperparameterFields(plan.model).map((field) => [`\`${field.name}\``, field.value]);
  const count = plan.parameterCount.toLocaleString('en');
  return [
    `# ${name}`,
    `A ${plan.model.kind === 'cnn' ? 'convolutional network' : 'recurrent (LSTM) network'} of ${count} parameters, found ` +
      `by Onegin: trial ${origin.trial} of study ${origin.jobId}, ${createdAt.toISOString().slice(0, 10)}.`,
    '## Data',
    dataSection(input),
    '## Scores',
    scoreSection(input),
    '## Health',
    healthSection(input),
    '## Network',
    table(['Layer', 'What', 'Output', 'Parameters'], layers),
    '## Hyperparameters',
    `Trained for ${epochs} epochs with seed ${metrics.seed} on the ${metrics.engine.name} engine (${metrics.engine.detail}).`,
    table(['Name', 'Value'], fields),
    '## How to load it',
    loadingSection(input),
    '## Limits',
    'The scores hold for data like the data above. Nothing was measured on other cameras, other writers or other times.',
  ]
    .join('\n\n')
    .concat('\n');
}
