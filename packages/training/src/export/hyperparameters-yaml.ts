import { hyperparameterFields, type ModelConfig } from '@onegin/contracts';
import { Document } from 'yaml';

export interface HyperparametersInput {
  model: ModelConfig;
  dataset: string;
  epochs: number;
  seed: number;
  /** The trial whose parameters these are. */
  trial: number;
  /** Scores by name, `validation_accuracy` for example. */
  scores: Record<string, number>;
}

/** Contents of `best_hyperparameters.yaml`: what was trained on, every hyperparameter, and what came out. */
export function writeHyperparametersYaml(input: HyperparametersInput): string {
  const { model, dataset, epochs, seed, trial, scores } = input;
  const document = new Document({
    dataset,
    trial,
    epochs,
    seed,
    ...Object.fromEntries(hyperparameterFields(model).map(({ name, value }) => [name, value])),
    scores,
  });
  document.commentBefore = ' The hyperparameters of the best trial; the final model was trained with them.';
  return document.toString();
}
