/** The files that a finished training leaves in the artifact store. */
import type { ModelConfig, TrialJob, TrialMetrics } from '@onegin/contracts';
import type { NamedWeights } from '../loop/trial.ts';

export interface JobFile {
  /** What it is, as the artifact's kind. */
  kind: string;
  /** Its name in the training's folder. */
  name: string;
  contentType: string;
  bytes: Uint8Array;
}

const json = (kind: string, name: string, content: unknown): JobFile => ({
  kind,
  name,
  contentType: 'application/json',
  bytes: new TextEncoder().encode(JSON.stringify(content)),
});

export async function jobFiles(
  _job: TrialJob,
  _model: ModelConfig,
  metrics: TrialMetrics,
  _weights: NamedWeights,
): Promise<JobFile[]> {
  return [json('metrics', 'metrics.json', metrics)];
}
