/** The network of a trial as data to draw, available from the moment it is queued. */
import {
  architectureSchema,
  healthScore,
  modelConfigFromParams,
  OneginError,
  type Architecture,
  type ArtifactRef,
  type StudyState,
  type TrialState,
} from '@onegin/contracts';
import { architectureOf, planForData } from '@onegin/training/network';
import type { ArtifactStore } from '@onegin/artifacts';
import type { Logger } from '@onegin/service-kit';
import type { Datasets } from '../datasets.ts';

export interface StoredFiles {
  readonly artifacts: Pick<ArtifactStore, 'get' | 'open'>;
  readonly logger: Logger;
}

export interface ArchitectureSources extends StoredFiles {
  readonly datasets: Datasets;
}

/**
 * As the training stored it; before that, or if the file cannot be read, planned from the parameters.
 * @throws OneginError `artifact-missing` if neither is possible, saying why
 */
export const trialArchitecture = async (
  state: StudyState,
  trial: TrialState,
  sources: ArchitectureSources,
): Promise<Architecture> =>
  (await storedArchitecture(trial.artifacts, sources)) ?? (await plannedArchitecture(state, trial, sources));

/** The first one among the files; null: there is none, or it cannot be read. */
export async function storedArchitecture(
  files: readonly ArtifactRef[],
  { artifacts, logger }: StoredFiles,
): Promise<Architecture | null> {
  const ref = files.find(({ kind }) => kind === 'architecture');
  if (!ref) return null;
  try {
    return architectureSchema.parse(JSON.parse((await artifacts.get(ref)).toString()));
  } catch (error) {
    logger.warn({ err: error, key: ref.key }, 'the stored architecture cannot be read');
    return null;
  }
}

async function plannedArchitecture(
  { config, jobId }: StudyState,
  trial: TrialState,
  { datasets }: ArchitectureSources,
): Promise<Architecture> {
  const { dataset } = config.request;
  const info = (await datasets()).find(({ name }) => name === dataset);
  const missing = (why: string, cause?: unknown) =>
    new OneginError(
      'artifact-missing',
      `trial ${trial.number} of job ${jobId} has no architecture: ${why}`,
      ...(cause === undefined ? [] : [{ cause }]),
    );
  if (!info) throw missing(`the dataset ${dataset} no longer exists`);
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
