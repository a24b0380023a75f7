/**
 * Every event of the study log, in the order of a study's life. An event is written once, in sequence, by
 * whoever its comment names; nothing is ever changed afterwards.
 */
import * as z from 'zod';
import { artifactRefSchema } from '../store/artifact.ts';
import { errorCodeSchema, failureSchema } from '../error-codes.ts';
import { healthReportSchema } from '../health-report.ts';
import { paramsSchema } from '../request/search-space.ts';
import { studyConfigSchema } from '../request/study-config.ts';
import { plotTargetSchema, resourceSchema } from '../targets.ts';

const number = z.int().min(0);
const attempt = z.int().min(1);
const nullableNumber = z.number().nullable();

/**
 * One epoch as the log keeps it: what people watch live and pruners judge. The full metrics are an artifact.
 * A number that was not finite is null, as JSON has no NaN.
 */
export const epochSummarySchema = z.strictObject({
  epoch: z.int().min(1),
  trainLoss: nullableNumber,
  trainAccuracy: nullableNumber,
  validationLoss: nullableNumber,
  validationAccuracy: nullableNumber,
  learningRate: z.number(),
  seconds: z.number().min(0),
  samplesPerSecond: z.number().min(0),
  /** Per layer with parameters or units: [gradient norm, update ratio, dead share, saturated share]. */
  layers: z
    .record(z.string(), z.tuple([nullableNumber, nullableNumber, nullableNumber, nullableNumber]))
    .optional(),
});
export type EpochSummary = z.infer<typeof epochSummarySchema>;

/** What a finished training measured. */
export const trainingResultSchema = z.strictObject({
  accuracy: z.number().min(0).max(1),
  trainAccuracy: z.number().min(0).max(1),
  loss: nullableNumber,
  health: healthReportSchema,
  parameterCount: z.int().min(0),
  epochs: z.int().min(1),
  seconds: z.number().min(0),
});
export type TrainingResult = z.infer<typeof trainingResultSchema>;

const started = { trainer: z.string(), attempt, engine: z.string(), device: z.string() };
const epochEnded = { attempt, summary: epochSummarySchema, checkpoint: artifactRefSchema.optional() };
const interrupted = { attempt, reason: z.string() };
const attemptFailed = { attempt, trainer: z.string(), code: errorCodeSchema, message: z.string() };
const result = { attempt, result: trainingResultSchema, artifacts: z.array(artifactRefSchema) };

/** Event payloads by type; `at` (ms since 1970) and `seq` (1, 2, …) are added by the log. */
export const studyEventSchemas = {
  /** gateway */
  JobRequested: z.strictObject({ config: studyConfigSchema }),
  /** orchestrator, with the first decision */
  JobStarted: z.strictObject({}),
  /** orchestrator */
  TrialQueued: z.strictObject({
    number,
    params: paramsSchema,
    seed: z.int().min(0),
    resource: resourceSchema,
    /** Epoch to stop at, finished or paused at a rung. */
    untilEpoch: z.int().min(1),
    /** Where the parameters come from: a sampler's name, `enqueued`, or `defaults` after a sampler failed. */
    source: z.string(),
  }),
  /** trainer */
  TrialStarted: z.strictObject({ number, ...started }),
  /** trainer; once per trial and epoch */
  EpochEnded: z.strictObject({ number, ...epochEnded }),
  /** trainer: the rung is reached, the checkpoint waits */
  TrialPaused: z.strictObject({ number, attempt }),
  /** orchestrator: a paused trial goes on */
  TrialPromoted: z.strictObject({ number, untilEpoch: z.int().min(1) }),
  /** trainer, told to end: back to the queue with its checkpoint */
  TrialHandedBack: z.strictObject({ number, attempt, checkpoint: artifactRefSchema.optional() }),
  /** orchestrator: its trainer is gone; the queue entry waits for another, with the last checkpoint */
  TrialInterrupted: z.strictObject({ number, ...interrupted }),
  /** trainer: this attempt failed; the orchestrator decides what follows */
  TrialAttemptFailed: z.strictObject({ number, ...attemptFailed }),
  /** orchestrator: another attempt, or a queue entry that was lost is made anew */
  TrialRequeued: z.strictObject({ number, delayMs: z.int().min(0), reason: z.string() }),
  /** orchestrator */
  TrialPruned: z.strictObject({ number, reason: z.string() }),
  /** trainer */
  TrialCompleted: z.strictObject({ number, ...result }),
  /** orchestrator: no further attempt */
  TrialFailed: z.strictObject({ number, ...failureSchema.shape }),
  /** orchestrator, after CancelRequested or when a limit ended the job */
  TrialCancelled: z.strictObject({ number }),
  /** orchestrator: no further trial is started, and why */
  SearchEnded: z.strictObject({ reason: z.string() }),
  /** orchestrator: the best trial's parameters are trained once more */
  FinalModelQueued: z.strictObject({
    trial: number,
    params: paramsSchema,
    seed: z.int().min(0),
    resource: resourceSchema,
    untilEpoch: z.int().min(1),
  }),
  FinalModelStarted: z.strictObject(started),
  FinalModelProgressed: z.strictObject(epochEnded),
  FinalModelHandedBack: z.strictObject({ attempt, checkpoint: artifactRefSchema.optional() }),
  FinalModelInterrupted: z.strictObject(interrupted),
  FinalModelAttemptFailed: z.strictObject(attemptFailed),
  FinalModelRequeued: z.strictObject({ delayMs: z.int().min(0), reason: z.string() }),
  /** trainer: the `.keras` file and its companions are stored */
  FinalModelReady: z.strictObject(result),
  FinalModelFailed: failureSchema,
  /** orchestrator */
  PlotsQueued: z.strictObject({ target: plotTargetSchema, run: z.int().min(1) }),
  /** plotter, per chart */
  PlotsProgressed: z.strictObject({
    target: plotTargetSchema,
    run: z.int().min(1),
    chart: z.string(),
    done: z.int().min(0),
    total: z.int().min(1),
  }),
  /** plotter */
  PlotsReady: z.strictObject({
    target: plotTargetSchema,
    run: z.int().min(1),
    artifacts: z.array(artifactRefSchema),
  }),
  PlotsFailed: z.strictObject({ target: plotTargetSchema, run: z.int().min(1), ...failureSchema.shape }),
  /** gateway */
  CancelRequested: z.strictObject({ by: z.string().optional() }),
  /** anyone: something people should know, that ends nothing */
  Warning: z.strictObject({ code: z.string(), message: z.string(), number: number.optional() }),
  /** orchestrator */
  JobCompleted: z.strictObject({}),
  JobFailed: failureSchema,
  JobCancelled: z.strictObject({}),
} as const;

export type StudyEventType = keyof typeof studyEventSchemas;

type Payload<Type extends StudyEventType> = z.output<(typeof studyEventSchemas)[Type]>;

/** An event as its author writes it. An empty payload adds nothing, rather than zod's "no key allowed". */
export type NewStudyEvent = {
  [Type in StudyEventType]: { type: Type } & (string extends keyof Payload<Type> ? unknown : Payload<Type>);
}[StudyEventType];

/** An event as the log holds it. */
export type StudyEvent = NewStudyEvent & { readonly seq: number; readonly at: number };

export type StudyEventOf<Type extends StudyEventType> = Extract<StudyEvent, { type: Type }>;

const envelope = z.looseObject({
  type: z.enum(Object.keys(studyEventSchemas) as [StudyEventType]),
  seq: z.int().min(1),
  at: z.number(),
});

/** Parses an event that came from outside (a file, another version); throws zod's error. */
export function parseStudyEvent(input: unknown): StudyEvent {
  const { type, seq, at, ...payload } = envelope.parse(input);
  return { type, seq, at, ...studyEventSchemas[type].parse(payload) } as StudyEvent;
}
