/** How long a job may take, from what the trainers that are alive measured last. */
import type { DatasetListing, OptimizationRequest, TrainerHeartbeat } from '@onegin/contracts';

export type TimeEstimate =
  | {
      readonly known: true;
      readonly seconds: number;
      readonly trainers: number;
      readonly isUpperBound: boolean;
    }
  /** In words for people. */
  | { readonly known: false; readonly reason: string };

type Asked = Pick<OptimizationRequest, 'trials' | 'epochs' | 'parallelism' | 'useGpu' | 'pruner'>;

/**
 * Passes over the training data of all trials, shared among the trainers that may take them, then the final model
 * on one trainer. Speeds are those of the last epoch each trainer trained, whatever network that was: an order of
 * magnitude, not a promise. With pruning it is the most it can take.
 */
export function estimateTime(
  { trials, epochs, parallelism, useGpu, pruner }: Asked,
  { sizes }: Pick<DatasetListing, 'sizes'>,
  trainers: readonly TrainerHeartbeat[],
): TimeEstimate {
  const wanted = useGpu ? 'gpu' : 'cpu';
  const fit = trainers.filter(({ resource, status }) => resource === wanted && status === 'ready');
  if (fit.length === 0)
    return { known: false, reason: `No ${wanted === 'gpu' ? 'GPU trainer' : 'trainer'} is alive right now.` };
  const speeds = fit.flatMap(({ samplesPerSecond }) => (samplesPerSecond ? [samplesPerSecond] : []));
  if (speeds.length === 0)
    return { known: false, reason: 'Known once a trainer has finished its first epoch.' };
  if (sizes.train === 0) return { known: false, reason: 'Known once the data has been read.' };
  const mean = speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length;
  const slots = fit.reduce((sum, { slots: own }) => sum + own, 0);
  const atOnce = Math.min(parallelism, slots, trials);
  const perTrial = (epochs * sizes.train) / mean;
  return {
    known: true,
    seconds: Math.ceil(trials / atOnce) * perTrial + perTrial,
    trainers: fit.length,
    isUpperBound: pruner.name !== 'none',
  };
}

/** `about 40 s`, `about 25 min`, `about 3 h`. */
export function inWords(seconds: number): string {
  if (seconds < 90) return `about ${Math.max(10, Math.round(seconds / 10) * 10)} s`;
  if (seconds < 90 * 60) return `about ${Math.round(seconds / 60)} min`;
  return `about ${Math.round(seconds / 3600)} h`;
}
