/**
 * Parameter efficiency: skill for its size.
 *
 *   skill = (accuracy − chance) / (1 − chance), at least 0
 *   size  = max(0, log₁₀(P / P₀)),  P₀ = parameters of a softmax regression on the same input
 *   metric = skill / (1 + size / 3)
 *
 * A network no larger than the regression keeps its whole skill; one a thousand times as large keeps half. Chance is
 * the share of the most frequent class: what one gets without looking.
 */
import type { HealthValue } from '@onegin/contracts';
import { sizeOf, type NetworkPlan } from '../network/plan.ts';
import { clamp, known } from './value.ts';

/** Thousandfold size halves the score. */
const DECADES_TO_HALVE = 3;

export interface EfficiencyInput {
  accuracy: number;
  /** Share of the most frequent class in the validation part. */
  chance: number;
  parameters: number;
  /** Parameters of the linear model on the same input. */
  linearParameters: number;
}

export function parameterEfficiency(input: EfficiencyInput): HealthValue {
  const { accuracy, chance, parameters, linearParameters } = input;
  // With one class in the validation part there is nothing to be better at.
  const skill = chance < 1 ? clamp((accuracy - chance) / (1 - chance)) : 0;
  const size = Math.max(0, Math.log10(parameters / linearParameters));
  return known(skill / (1 + size / DECADES_TO_HALVE));
}

/** Softmax regression on the pixels; for texts on the mean of the network's own embedding. */
export function linearParameters({ model, inputShape, classes }: NetworkPlan): number {
  if (model.kind === 'cnn') return (sizeOf(inputShape) + 1) * classes;
  return model.vocabularySize * model.embeddingSize + (model.embeddingSize + 1) * classes;
}
