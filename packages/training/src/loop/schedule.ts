/**
 * The learning rate of a step: a pure function of the configuration, the position and the validation losses so far,
 * so that a resumed trial goes on with the same rates.
 */
import type { ModelConfig } from '@onegin/contracts';

export interface SchedulePosition {
  /** Epochs done, with the fraction of the present one: 2.5 is the middle of the third epoch. */
  epoch: number;
  /** Epochs of the whole trial. */
  epochs: number;
  /** Of the epochs done. */
  validationLosses: readonly number[];
}

/** The rate falls by 10 at these shares of the training (as in He et al. 2016). */
const STEPS = [0.5, 0.75];
/** What is left of the rate at the end of the exponential schedule. */
const EXPONENTIAL_END = 0.01;
/** Plateau: halve after this many epochs in a row without a lower validation loss. */
const PLATEAU = { patience: 2, factor: 0.5 };

type Rates = Pick<ModelConfig, 'learningRate' | 'schedule' | 'warmupEpochs'>;

/** Learning rate of the step at this position. Warm-up climbs linearly, and the schedule covers what is left. */
export function learningRateAt(model: Rates, { epoch, epochs, validationLosses }: SchedulePosition): number {
  const warmup = Math.min(model.warmupEpochs, epochs);
  // The very first step takes a thousandth: a rate of 0 would waste it.
  if (epoch < warmup) return model.learningRate * Math.max(epoch / warmup, 1e-3);
  const progress = epochs > warmup ? Math.min(1, (epoch - warmup) / (epochs - warmup)) : 1;
  return model.learningRate * factor(model.schedule, progress, validationLosses);
}

function factor(
  schedule: ModelConfig['schedule'],
  progress: number,
  validationLosses: readonly number[],
): number {
  switch (schedule) {
    case 'constant':
      return 1;
    case 'step':
      return 0.1 ** STEPS.filter((at) => progress >= at).length;
    case 'cosine':
      return 0.5 * (1 + Math.cos(Math.PI * progress));
    case 'exponential':
      return EXPONENTIAL_END ** progress;
    case 'plateau':
      return PLATEAU.factor ** plateaus(validationLosses);
  }
}

/** How often the validation loss stayed level for the patience. */
function plateaus(losses: readonly number[]): number {
  let best = Infinity;
  let waited = 0;
  let count = 0;
  for (const loss of losses) {
    waited = loss < best ? 0 : waited + 1;
    best = Math.min(best, loss);
    if (waited < PLATEAU.patience) continue;
    count++;
    waited = 0;
  }
  return count;
}

/** Whether the last `patience` epochs all failed to lower the validation loss. */
export function stoppedImproving(losses: readonly number[], patience: number): boolean {
  if (patience === 0 || losses.length <= patience) return false;
  const best = Math.min(...losses.slice(0, -patience));
  return losses.slice(-patience).every((loss) => loss >= best);
}
