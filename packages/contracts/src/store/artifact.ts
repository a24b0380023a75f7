/** What a study leaves in the artifact store, and under which keys. */
import * as z from 'zod';
import type { PlotTarget, TrainingTarget } from '../targets.ts';
import { wireObject } from '../wire-object.ts';

/** A stored artifact: where it is and how to prove that it is whole. */
export const artifactRefSchema = wireObject({
  /** What it is: `keras`, `metrics`, `weights`, `checkpoint`, `plot:training-history.svg`, … */
  kind: z.string().min(1),
  key: z.string().min(1),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  contentType: z.string(),
});
export type ArtifactRef = z.infer<typeof artifactRefSchema>;

const ROOT = 'optimization_results';

/** The folder of a whole study. */
export const studyPrefix = (runName: string): string => `${ROOT}/${runName}/`;

/**
 * A file of a training. The attempt is in the key, so that two trainers that both believe they own a trial
 * never write the same object.
 */
export function trainingKey(runName: string, target: TrainingTarget, attempt: number, file: string): string {
  const folder = target === 'final' ? 'optimized_model' : `trials/trial_${target}`;
  return `${ROOT}/${runName}/${folder}/attempt_${attempt}/${file}`;
}

export function plotKey(runName: string, target: PlotTarget, run: number, file: string): string {
  const folder = target === 'study' ? 'study' : `trial_${target}`;
  return `${ROOT}/${runName}/plots/${folder}/run_${run}/${file}`;
}

export const archiveKey = (runName: string, file: 'study.json' | 'log.ndjson'): string =>
  `${ROOT}/${runName}/${file}`;

/** A dataset that one trainer has prepared and others take over: its bytes, and the ref that proves them whole. */
export const preparedDatasetKey = (name: string, what: 'data' | 'ref'): string =>
  what === 'data' ? `datasets/${name}` : `datasets/${name}.ref.json`;

/** Where the archived studies of the store are listed; one small file per job. */
export const archiveIndexKey = (jobId: string): string => `${ROOT}/.index/${jobId}.json`;
