/** The files that a finished training leaves in the artifact store. */
import type {
  Architecture,
  DatasetInfo,
  ModelConfig,
  TrainingData,
  TrialJob,
  TrialMetrics,
} from '@onegin/contracts';
import { architectureOf } from '../network/architecture-data.ts';
import { writeHyperparametersYaml } from '../export/hyperparameters-yaml.ts';
import { writeKerasFile } from '../export/keras-file.ts';
import { writeModelCard } from '../export/model-card.ts';
import { eventFileName, writeTensorboardEvents } from '../export/tensorboard-events.ts';
import { TFJS_WEIGHTS_FILE, writeTfjsModel } from '../export/tfjs-model.ts';
import { writeVocabulary } from '../export/vocabulary-file.ts';
import type { NamedWeights } from '../loop/trial.ts';
import type { NetworkPlan } from '../network/plan.ts';

export interface JobFile {
  /** What it is, as the artifact's kind. */
  kind: string;
  /** Its name in the training's folder. */
  name: string;
  contentType: string;
  bytes: Uint8Array;
}

export interface TrainedNetwork {
  model: ModelConfig;
  plan: NetworkPlan;
  weights: NamedWeights;
  metrics: TrialMetrics;
  data: TrainingData;
  dataset: DatasetInfo;
}

/** Every trial leaves what it measured and its network; the final model also what people take with them. */
export async function jobFiles(job: TrialJob, network: TrainedNetwork): Promise<JobFile[]> {
  const files = [
    json('metrics', 'metrics.json', network.metrics),
    json('architecture', 'architecture.json', architecture(network)),
    tensorboard(network),
    await keras(job, network),
  ];
  if (job.target === 'final') files.push(...takeAway(job, network));
  return files;
}

/** Beside the `.keras` file: how it came to be, what a browser loads, and the words behind a text model's ids. */
function takeAway(job: TrialJob, network: TrainedNetwork): JobFile[] {
  const { model, data } = network;
  const files = [hyperparameters(job, network), modelCard(job, network), ...tfjs(job, network)];
  if (data.kind === 'text' && model.kind === 'lstm')
    files.push(textFile('vocabulary', 'vocabulary.txt', 'text/plain', writeVocabulary(data, model)));
  return files;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const textFile = (kind: string, name: string, contentType: string, text: string): JobFile => ({
  kind,
  name,
  contentType,
  bytes: bytesOf(text),
});

const json = (kind: string, name: string, content: unknown): JobFile =>
  textFile(kind, name, 'application/json', JSON.stringify(content));

const architecture = ({ plan, metrics }: TrainedNetwork): Architecture =>
  architectureOf(plan, { accuracy: metrics.validationAccuracy, health: metrics.health.score });

function tensorboard({ metrics }: TrainedNetwork): JobFile {
  const startedAt = new Date(Date.now() - metrics.seconds * 1000);
  return {
    kind: 'tensorboard',
    name: `tensorboard/${eventFileName(startedAt, 'onegin')}`,
    contentType: 'application/octet-stream',
    bytes: writeTensorboardEvents(metrics, startedAt),
  };
}

async function keras(job: TrialJob, { plan, weights }: TrainedNetwork): Promise<JobFile> {
  const bytes = await writeKerasFile({ plan, weights, name: job.runName, savedAt: new Date() });
  return { kind: 'keras', name: 'model.keras', contentType: 'application/zip', bytes };
}

function hyperparameters(job: TrialJob, { model, metrics }: TrainedNetwork): JobFile {
  const content = writeHyperparametersYaml({
    model,
    dataset: job.dataset,
    epochs: job.epochs,
    seed: job.seed,
    trial: job.bestTrial ?? 0,
    scores: {
      validation_accuracy: metrics.validationAccuracy,
      validation_loss: metrics.validationLoss,
      ...(metrics.health.score !== null && { health: metrics.health.score }),
    },
  });
  return textFile('hyperparameters', 'best_hyperparameters.yaml', 'application/yaml', content);
}

function modelCard(job: TrialJob, { plan, metrics, dataset }: TrainedNetwork): JobFile {
  const content = writeModelCard({
    name: job.runName,
    dataset,
    plan,
    metrics,
    epochs: job.epochs,
    createdAt: new Date(),
    origin: { jobId: job.jobId, trial: job.bestTrial ?? 0 },
  });
  return textFile('model-card', 'model-card.md', 'text/markdown', content);
}

function tfjs(job: TrialJob, { plan, weights }: TrainedNetwork): JobFile[] {
  const { modelJson, weights: bytes } = writeTfjsModel(plan, weights, job.runName);
  return [
    textFile('tfjs', 'tfjs/model.json', 'application/json', modelJson),
    {
      kind: 'tfjs-weights',
      name: `tfjs/${TFJS_WEIGHTS_FILE}`,
      contentType: 'application/octet-stream',
      bytes,
    },
  ];
}
