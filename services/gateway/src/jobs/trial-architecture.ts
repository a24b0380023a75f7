/** The network of a trial as data to draw: from the moment it is queued, so that it can be watched while it trains. */
import {
  architectureSchema,
  healthScore,
  modelConfigFromParams,
  OneginError,
  type Architecture,
  type StudyState,
  type TrialState,
} from '@onegin/contracts';
import { architectureOf, planForData } from '@onegin/training/network';
import type { GatewayParts } from '../gateway-parts.ts';

type Parts = Pick<GatewayParts, 'artifacts' | 'datasets' | 'logger'>;

/**
 * What the training stored; where it has not yet or the file cannot be read, the same planned from the parameters.
 * @throws OneginError `artifact-missing` where neither can be had, saying why
 */
export async function trialArchitecture(
  state: StudyState,
  trial: TrialState,
  parts: Parts,
): Promise<Architecture> {
  return (await storedArchitecture(trial, parts)) ?? (await plannedArchitecture(state, trial, parts));
}

async function storedArchitecture(
  trial: TrialState,
  { artifacts, logger }: Parts,
): Promise<Architecture | null> {
  const ref = trial.artifacts.find(({ kind }) => kind === 'architecture');
  if (!ref) return null;
  try {
    return architectureSchema.parse(JSON.parse((await artifacts.get(ref)).toString()));
  } catch (error) {
    logger.warn({ err: error, key: ref.key }, 'the stored architecture cannot be read; it is planned anew');
    return null;
  }
}

async function plannedArchitecture(
  { config, jobId }: StudyState,
  trial: TrialState,
  { datasets }: Parts,
): Promise<Architecture> {
  const { dataset } = config.request;
  const info = (await datasets()).find(({ name }) => name === dataset);
  const missing = (why: string, cause?: unknown) =>
    new OneginError(
      'artifact-missing',
      `trial ${trial.number} of job ${jobId} has no architecture: ${why}`,
      ...(cause === undefined ? [] : [{ cause }]),
    );
  if (!info) throw missing(`the dataset ${dataset} is not there any more`);
  try {
    const plan = planForData(modelConfigFromParams(config.modelKind, trial.params), info);
    return architectureOf(plan, scoresOf(trial, config.objective.weights));
  } catch (error) {
    if (error instanceof OneginError) throw missing(error.message, error);
    throw error;
  }
}

const scoresOf = (
  { result }: TrialState,
  weights: StudyState['config']['objective']['weights'],
): { accuracy: number; health: number | null } | undefined =>
  result ? { accuracy: result.accuracy, health: healthScore(result.health, weights) } : undefined;
