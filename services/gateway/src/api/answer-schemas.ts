/** Schemas of what the API returns: for its documentation, and checked against real answers in tests. */
import { z } from 'zod';
import {
  architectureSchema,
  epochSummarySchema,
  failureSchema,
  jobIdSchema,
  jobStatuses,
  modeSchema,
  modelKindSchema,
  objectiveSchema,
  optimizationRequestSchema,
  paramsSchema,
  searchSpaceSchema,
  trainingResultSchema,
  trainingStatuses,
  type JobProgress,
  type JobSummary,
  type TrialDetail,
  type TrialView,
} from '@onegin/contracts';

/** Holds a schema to a type, so that the two can't drift apart. */
const describes =
  <Type>() =>
  <Schema extends z.ZodType<Type, Type>>(schema: Schema): Schema =>
    schema;

const time = z.number().describe('Milliseconds since 1970.');
const count = z.int().min(0);

export const jobProgressSchema = describes<JobProgress>()(
  z.strictObject({
    currentTrial: count.describe('Number of the newest trial that started, from 1; 0 before the first.'),
    totalTrials: count,
    completedTrials: count,
    runningTrials: count,
    failedTrials: count,
    prunedTrials: count,
    currentEpoch: count,
    totalEpochs: count,
    epochProgress: z.number().min(0).max(1),
    statusMessage: z.string(),
    isGpuMode: z.boolean(),
  }),
);

const trialShape = {
  number: count.describe('From 0.'),
  status: z.enum(trainingStatuses),
  params: paramsSchema,
  source: z.string().describe('Where the parameters come from: a sampler, `enqueued`, or `defaults`.'),
  values: z.array(z.number()).nullable().describe('Objective values once completed.'),
  accuracy: z.number().nullable(),
  healthScore: z.number().nullable(),
  parameterCount: count.nullable(),
  epochsDone: count,
  lastEpoch: epochSummarySchema.nullable(),
  trainer: z.string().nullable(),
  attempt: count,
  lost: count,
  queuedAt: time,
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  reason: z.string().nullable(),
  failure: failureSchema.nullable(),
};
export const trialViewSchema = describes<TrialView>()(z.strictObject(trialShape));

const plotLink = z.strictObject({ kind: z.string(), svg: z.string().nullable(), png: z.string().nullable() });
export type PlotLink = z.infer<typeof plotLink>;
export const plotLinksSchema = z.array(plotLink);

export const trialDetailSchema = z.strictObject({
  ...trialShape,
  epochs: z.array(epochSummarySchema),
  result: trainingResultSchema.nullable(),
  plots: z.array(z.string()),
  links: z.strictObject({ metrics: z.string().nullable(), plots: plotLinksSchema }),
});
describes<Omit<TrialDetail, 'links'>>()(trialDetailSchema.omit({ links: true }));

const summaryShape = {
  jobId: jobIdSchema,
  runName: z.string(),
  name: z.string().nullable(),
  dataset: z.string(),
  mode: modeSchema,
  status: z.enum(jobStatuses),
  createdAt: time,
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  progress: jobProgressSchema,
  bestTrial: trialViewSchema.nullable(),
  modelReady: z.boolean(),
  failure: failureSchema.nullable(),
};
export const jobSummarySchema = describes<Omit<JobSummary, 'mode'>>()(z.strictObject(summaryShape));

export const finalModelSchema = z.strictObject({
  trial: count.describe('The trial whose parameters it uses.'),
  status: z.enum(trainingStatuses),
  epochs: z.array(epochSummarySchema),
  result: trainingResultSchema.nullable(),
  failure: failureSchema.nullable(),
});

export const jobDetailSchema = z.strictObject({
  ...summaryShape,
  sequence: count.describe('Number of the last event included; a live stream can resume from it.'),
  cancelRequested: z.boolean(),
  request: optimizationRequestSchema,
  modelKind: modelKindSchema,
  searchSpace: searchSpaceSchema,
  objective: objectiveSchema,
  front: z.array(count).describe('In pareto mode: the trials that no other dominates.'),
  searchEndReason: z.string().nullable(),
  finalModel: finalModelSchema.nullable(),
  plots: z.strictObject({
    status: z.enum(['none', 'queued', 'ready', 'failed']),
    done: count,
    total: count.nullable(),
    charts: plotLinksSchema,
  }),
  warnings: z.array(
    z.strictObject({ at: time, code: z.string(), message: z.string(), number: count.optional() }),
  ),
  links: z.record(z.string(), z.string()),
});
export type JobDetail = z.infer<typeof jobDetailSchema>;

export const jobListSchema = z.strictObject({
  jobs: z.array(jobSummarySchema),
  next: z.string().nullable().describe('Pass it as `after` for the next page; null on the last one.'),
});

export const jobStatusSchema = z.strictObject({
  jobId: jobIdSchema,
  runName: z.string(),
  status: z.enum(jobStatuses),
  cancelRequested: z.boolean(),
  progress: jobProgressSchema,
});

export const trialListSchema = z.strictObject({
  jobId: jobIdSchema,
  trials: z.array(trialViewSchema),
  total: count,
});

export const acceptedSchema = z.strictObject({ jobId: jobIdSchema, runName: z.string() });

export const bestModelSchema = z.strictObject({
  jobId: jobIdSchema,
  runName: z.string(),
  dataset: z.string(),
  modelKind: modelKindSchema,
  trial: count.describe('The best trial; in pareto mode the one with the best total score.'),
  params: paramsSchema,
  trialResult: trainingResultSchema,
  totalScore: z.number().nullable(),
  finalModel: finalModelSchema.nullable().describe('Null until the final model is queued.'),
  architecture: architectureSchema
    .nullable()
    .describe('The network as data to draw; null until it is stored.'),
  modelReady: z.boolean(),
  files: z.array(
    z.strictObject({ kind: z.string(), bytes: count, sha256: z.string(), contentType: z.string() }),
  ),
  links: z.strictObject({ keras: z.string().nullable(), json: z.string(), job: z.string() }),
});
