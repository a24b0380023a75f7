/**
 * Every event of the study log, in the order of a study's life. An event is written once, in sequence, by
 * the service that its comment names; nothing is ever changed afterwards.
 */
import * as z from 'zod';
import { artifactRefSchema } from '../store/artifact.ts';
import { failureSchema } from '../error-codes.ts';
import { healthReportSchema } from '../health-report.ts';
import { paramsSchema } from '../request/search-space.ts';
import { studyConfigSchema } from '../request/study-config.ts';
import { plotTargetSchema, resourceSchema, trainingTargetSchema } from '../targets.ts';
import { wireObject } from '../wire-object.ts';

const number = z.int().min(0);
const attempt = z.int().min(1);
const nullableNumber = z.number().nullable();

/**
 * One epoch as the log keeps it: what people watch live and pruners judge. The full metrics are an artifact.
 * A number that was not finite is null, as JSON has no NaN.
 */
export const epochSummarySchema = wireObject({
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
export const trainingResultSchema = wireObject({
  accuracy: z.number().min(0).max(1),
  trainAccuracy: z.number().min(0).max(1),
  loss: nullableNumber,
  health: healthReportSchema,
  parameterCount: z.int().min(0),
  epochs: z.int().min(1),
  seconds: z.number().min(0),
});
export type TrainingResult = z.infer<typeof trainingResultSchema>;

/** Which training an event is about: a trial's, by its number, or the one of the final model. */
const training = { target: trainingTargetSchema };
/** What happens to trials only: the final model is neither paused nor pruned. */
const trial = { target: number };

/** Event payloads by type; `at` (ms since 1970) and `seq` (1, 2, …) are added by the log. */
export const studyEventSchemas = {
  /** gateway */
  JobRequested: wireObject({ config: studyConfigSchema }),
  /** orchestrator, with the first decision */
  JobStarted: wireObject({}),
  /** orchestrator */
  TrainingQueued: wireObject({
    ...training,
    params: paramsSchema,
    seed: z.int().min(0),
    resource: resourceSchema,
    /** Epoch to stop at, finished or paused at a rung. */
    untilEpoch: z.int().min(1),
    /**
     * Where the parameters come from: a sampler's name, `enqueued`, or `defaults` after a sampler failed; of the
     * final model `best-trial`.
     */
    source: z.string(),
    /** For the final model: the trial whose parameters it has. */
    trial: number.optional(),
  }),
  /** trainer */
  TrainingStarted: wireObject({
    ...training,
    attempt,
    trainer: z.string(),
    engine: z.string(),
    device: z.string(),
  }),
  /** trainer; once per training and epoch */
  EpochEnded: wireObject({
    ...training,
    attempt,
    summary: epochSummarySchema,
    checkpoint: artifactRefSchema.optional(),
  }),
  /** trainer: the rung is reached, the checkpoint waits */
  TrainingPaused: wireObject({ ...trial, attempt }),
  /** orchestrator: a paused trial goes on */
  TrainingPromoted: wireObject({ ...trial, untilEpoch: z.int().min(1) }),
  /** trainer, told to end: back to the queue with its checkpoint */
  TrainingReleased: wireObject({ ...training, attempt, checkpoint: artifactRefSchema.optional() }),
  /** orchestrator: its trainer is gone; the queue task waits for another, with the last checkpoint */
  TrainingInterrupted: wireObject({ ...training, attempt, reason: z.string() }),
  /** trainer: this attempt failed; the orchestrator decides what follows */
  TrainingAttemptFailed: wireObject({ ...training, attempt, trainer: z.string(), ...failureSchema.shape }),
  /** orchestrator: another attempt, or a new task for one that was lost */
  TrainingRequeued: wireObject({ ...training, delayMs: z.int().min(0), reason: z.string() }),
  /** orchestrator */
  TrainingPruned: wireObject({ ...trial, reason: z.string() }),
  /** trainer: the metrics are stored; of the final model the `.keras` file and its companions too */
  TrainingCompleted: wireObject({
    ...training,
    attempt,
    result: trainingResultSchema,
    artifacts: z.array(artifactRefSchema),
  }),
  /** orchestrator: no further attempt */
  TrainingFailed: wireObject({ ...training, ...failureSchema.shape }),
  /** orchestrator, after CancelRequested or when a limit ended the job */
  TrainingCancelled: wireObject(training),
  /** orchestrator: no further trial is started, and why */
  SearchEnded: wireObject({ reason: z.string() }),
  /** orchestrator */
  PlotsQueued: wireObject({ target: plotTargetSchema, run: z.int().min(1) }),
  /** plotter, per chart */
  PlotsProgressed: wireObject({
    target: plotTargetSchema,
    run: z.int().min(1),
    chart: z.string(),
    done: z.int().min(0),
    total: z.int().min(1),
  }),
  /** plotter */
  PlotsReady: wireObject({
    target: plotTargetSchema,
    run: z.int().min(1),
    artifacts: z.array(artifactRefSchema),
  }),
  PlotsFailed: wireObject({ target: plotTargetSchema, run: z.int().min(1), ...failureSchema.shape }),
  /** gateway */
  CancelRequested: wireObject({ by: z.string().optional() }),
  /** anyone: something people should know, that ends nothing */
  Warning: wireObject({ code: z.string(), message: z.string(), number: number.optional() }),
  /** orchestrator */
  JobCompleted: wireObject({}),
  JobFailed: failureSchema,
  JobCancelled: wireObject({}),
} as const;

export type StudyEventType = keyof typeof studyEventSchemas;

/**
 * Events that came after version 2, with the version that brought them: one is written only when every service that
 * runs can read it.
 */
export const eventSince: Partial<Readonly<Record<StudyEventType, number>>> = {};

type Payload<Type extends StudyEventType> = z.output<(typeof studyEventSchemas)[Type]>;

/** An event as its author writes it. An empty payload adds nothing, rather than zod's "no key allowed". */
export type NewStudyEvent = {
  [Type in StudyEventType]: { type: Type } & (string extends keyof Payload<Type> ? unknown : Payload<Type>);
}[StudyEventType];

/** An event as the log holds it. */
export type StudyEvent = NewStudyEvent & { readonly seq: number; readonly at: number };

export type StudyEventOf<Type extends StudyEventType, Event = StudyEvent> = Extract<Event, { type: Type }>;
