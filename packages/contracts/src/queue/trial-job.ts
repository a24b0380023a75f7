/** One task for a trainer: all it needs to train, without reading the study's log. */
import * as z from 'zod';
import { modelKindSchema } from '../request/model-config.ts';
import { objectiveSchema } from '../request/objective-schema.ts';
import { paramsSchema } from '../request/search-space.ts';
import { jobIdSchema, resourceSchema, trainingTargetSchema, type TrainingTarget } from '../targets.ts';
import { wireObject } from '../wire-object.ts';

export const trialJobSchema = wireObject({
  jobId: jobIdSchema,
  runName: z.string(),
  target: trainingTargetSchema,
  run: z.int().min(1),
  /** For the final model: the trial whose parameters it has. */
  bestTrial: z.int().min(0).optional(),
  dataset: z.string(),
  modelKind: modelKindSchema,
  params: paramsSchema,
  /** Seed of this training; the study's seed decides the split of the data, the same for all its trials. */
  seed: z.int().min(0),
  studySeed: z.int().min(0),
  epochs: z.int().min(1),
  untilEpoch: z.int().min(1),
  resource: resourceSchema,
  objective: objectiveSchema,
  /** Whether the orchestrator wants to judge every epoch. */
  pruning: z.boolean(),
  maxStarts: z.int().min(1),
  /** The trainer that failed at it: until then (ms since 1970) it leaves the task to another one, if there is one. */
  avoid: wireObject({ trainer: z.string(), until: z.number() }).optional(),
  hungAfterSeconds: z.number().positive(),
  timeLimitSeconds: z.number().positive().optional(),
});
export type TrialJob = z.infer<typeof trialJobSchema>;

/** Id of the task: added twice, it is still one. */
export const trialJobId = (jobId: string, target: TrainingTarget, run: number): string =>
  `${jobId}_${target === 'final' ? 'final' : `trial-${target}`}_run-${run}`;
