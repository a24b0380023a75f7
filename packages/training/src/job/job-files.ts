/** The files that a finished training leaves in the artifact store. */
import type { ModelConfig, TrialJob, TrialMetrics } from '@onegin/contracts';
import { writeHyperparametersYaml } from '../export/hyperparameters-yaml.ts';
import { writeKerasFile } from '../export/keras-file.ts';
import { TFJS_WEIGHTS_FILE, writeTfjsModel } from '../export/tfjs-model.ts';
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
}

/** Every trial leaves its metrics and its network; the final model also what people take with them. */
export async function jobFiles(job: TrialJob, network: TrainedNetwork): Promise<JobFile[]> {
  const files = [json('metrics', 'metrics.json', network.metrics), await kerasFile(job, network)];
  if (job.target === 'final') files.push(yaml(job, network), ...tfjsFiles(job, network));
  return files;
}

const json = (kind: string, name: string, content: unknown): JobFile => ({
  kind,
  name,
  contentType: 'application/json',
  bytes: text(JSON.stringify(content)),
});

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

async function kerasFile(job: TrialJob, { plan, weights }: TrainedNetwork): Promise<JobFile> {
  const bytes = await writeKerasFile({ plan, weights, name: job.runName, savedAt: new Date() });
  return { kind: 'keras', name: 'model.keras', contentType: 'application/zip', bytes };
}

function yaml(job: TrialJob, { model, metrics }: TrainedNetwork): JobFile {
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
  return {
    kind: 'hyperparameters',
    name: 'best_hyperparameters.yaml',
    contentType: 'application/yaml',
    bytes: text(content),
  };
}

function tfjsFiles(job: TrialJob, { plan, weights }: TrainedNetwork): JobFile[] {
  const { modelJson, weights: bytes } = writeTfjsModel(plan, weights, job.runName);
  return [
    { kind: 'tfjs', name: 'tfjs/model.json', contentType: 'application/json', bytes: text(modelJson) },
    {
      kind: 'tfjs-weights',
      name: `tfjs/${TFJS_WEIGHTS_FILE}`,
      contentType: 'application/octet-stream',
      bytes,
    },
  ];
}
