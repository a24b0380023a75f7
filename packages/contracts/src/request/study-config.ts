/**
 * What the system decides about a study when it is accepted. Owner of the system's defaults. It is written
 * into the study log, so that a study goes on by the rules it started with.
 */
import * as z from 'zod';
import { defaultHealthWeights } from '../health.ts';
import type { FieldProblem } from '../error-codes.ts';
import { modelConfigSchema, modelKindSchema, modelParameterNames, type ModelKind } from './model-config.ts';
import { objectiveSchema } from './objective-schema.ts';
import { optimizationRequestSchema, type OptimizationRequest } from './optimization-request.ts';
import { fieldProblems, invalid, OneginError, wrongField } from '../validation.ts';
import { parameterAllows, searchSpaceSchema, type Parameter, type SearchSpace } from './search-space.ts';
import { standardSpace } from './standard-space.ts';
import { jobIdSchema, resourceSchema } from '../targets.ts';
import { wireObject } from '../wire-object.ts';

export const studyConfigSchema = wireObject({
  jobId: jobIdSchema,
  /** Names the artifacts' folder; unique, readable. */
  runName: z.string().regex(/^[a-z0-9][a-z0-9_.-]{2,150}$/),
  request: optimizationRequestSchema,
  modelKind: modelKindSchema,
  space: searchSpaceSchema,
  objective: objectiveSchema,
  resource: resourceSchema,
  /** Attempts at one trial that may fail before the trial has failed. */
  maxFailures: z.int().min(1).default(3),
  /** Trainers that may be lost over one trial before the trial has failed: it may be what ends them. */
  maxLost: z.int().min(1).default(5),
  /** Times one trial may be started at all; promotions and hand-backs count. */
  maxStarts: z.int().min(1).default(100),
  /** The wait before a trial that failed is tried again; doubles with each failure. */
  retryDelayMs: z.int().min(0).default(1000),
  /** How long a trial that failed waits for another trainer than the one it failed on, where there is one. */
  elsewhereMs: z.int().min(0).default(60_000),
  /** A job fails when this many trials have failed and none has had another outcome. */
  maxFailedInARow: z.int().min(1).default(10),
  /** Training that makes no progress for this long is ended. */
  hungAfterSeconds: z.number().positive().default(300),
  /** A job is completed without its charts when no plotter has made any for this long. */
  plotsTimeoutSeconds: z.number().positive().default(180),
  /** Where the request stands in its trace, in the form of W3C's `traceparent`; only where traces are taken. */
  traceparent: z.string().max(200).optional(),
});
export type StudyConfig = z.output<typeof studyConfigSchema>;

/**
 * The configuration of a new study.
 * @throws OneginError `request-invalid` naming every override and enqueued parameter that does not fit.
 */
export function makeStudyConfig(
  request: OptimizationRequest,
  { jobId, runName, modelKind }: { jobId: string; runName: string; modelKind: ModelKind },
): StudyConfig {
  return studyConfigSchema.parse({
    jobId,
    runName,
    request,
    modelKind,
    space: checkedSpace(request, modelKind),
    objective: { mode: request.mode, weights: defaultHealthWeights },
    resource: request.useGpu ? 'gpu' : 'cpu',
  } satisfies z.input<typeof studyConfigSchema>);
}

/** The space of the request; every wrong override and every wrong enqueued parameter is named at once. */
function checkedSpace(request: OptimizationRequest, modelKind: ModelKind): SearchSpace {
  const problems = enqueueProblems(request, modelKind);
  try {
    const space = requestedSpace(request, modelKind);
    if (problems.length === 0) return space;
  } catch (error) {
    if (!(error instanceof OneginError)) throw error;
    problems.push(...error.problems);
  }
  throw invalid('the request', problems);
}

/** Parameters to try first must describe a network of the kind; they may lie outside the search space. */
function enqueueProblems({ enqueue }: OptimizationRequest, kind: ModelKind): FieldProblem[] {
  return enqueue.flatMap((params, index) => {
    const parsed = modelConfigSchema.safeParse({ ...params, kind });
    const wrong = parsed.success ? [] : fieldProblems(parsed.error, params);
    if (Object.hasOwn(params, 'kind'))
      wrong.push(wrongField('kind', 'no field of this name', params['kind']));
    return wrong.map((problem) => ({ ...problem, field: `enqueue[${index}].${problem.field}` }));
  });
}

/**
 * The standard space of the kind with the request's overrides applied.
 * @throws OneginError `request-invalid` naming every override that the kind of network cannot have.
 */
export function requestedSpace(request: OptimizationRequest, modelKind: ModelKind): SearchSpace {
  const standard = standardSpace(modelKind);
  const problems = overrideProblems(request.searchSpace, modelKind);
  const space: SearchSpace = {};
  for (const name of new Set([...Object.keys(standard), ...Object.keys(request.searchSpace)])) {
    const override = request.searchSpace[name];
    if (override === null) continue;
    // An override keeps the standard condition and explanation unless it brings its own.
    space[name] = override ? { ...inherited(standard[name]), ...override } : standard[name]!;
  }
  const fitted = fitConditions(space, request.searchSpace);
  const checked = searchSpaceSchema.safeParse(fitted);
  if (!checked.success)
    problems.push(
      ...fieldProblems(checked.error, fitted).map((p) => ({ ...p, field: `searchSpace.${p.field}` })),
    );
  if (problems.length > 0 || !checked.success) throw invalid('searchSpace', problems);
  return checked.data;
}

/**
 * Standard conditions follow what the request made of the parameters they name: left out, the condition goes;
 * narrowed, only values that are left count; and a parameter that can never be active leaves the space.
 * Conditions of the request's own stay as they are.
 */
function fitConditions(space: SearchSpace, overrides: OptimizationRequest['searchSpace']): SearchSpace {
  const fitted = Object.entries(space).flatMap(([name, parameter]): [string, Parameter][] => {
    const { when, ...always } = parameter;
    if (!when || overrides[name]?.when) return [[name, parameter]];
    const parent = Object.hasOwn(space, when.param) ? space[when.param] : undefined;
    if (!parent) return [[name, always as Parameter]];
    const left = when.in.filter((value) => parameterAllows(parent, value));
    return left.length > 0 ? [[name, { ...parameter, when: { ...when, in: left } }]] : [];
  });
  return Object.fromEntries(fitted);
}

const inherited = (standard: Parameter | undefined): Partial<Parameter> =>
  standard ? { ...(standard.when && { when: standard.when }), explanation: standard.explanation } : {};

/** Overrides of parameters that the network does not have, or with values it cannot take. */
function overrideProblems(
  overrides: OptimizationRequest['searchSpace'],
  modelKind: ModelKind,
): FieldProblem[] {
  const names = modelParameterNames(modelKind);
  const problems: FieldProblem[] = [];
  for (const [name, parameter] of Object.entries(overrides)) {
    const field = `searchSpace.${name}`;
    if (!names.includes(name)) {
      problems.push(wrongField(field, `a parameter of a ${modelKind}: ${names.join(', ')}`, name));
      continue;
    }
    if (!parameter) continue;
    const extremes =
      parameter.type === 'categorical'
        ? parameter.choices.map((value, index) => [`choices[${index}]`, value] as const)
        : ([
            ['low', parameter.low],
            ['high', parameter.high],
          ] as const);
    for (const [where, value] of extremes) {
      const parsed = modelConfigSchema.safeParse({ kind: modelKind, [name]: value });
      for (const p of parsed.success ? [] : fieldProblems(parsed.error, { [name]: value }))
        problems.push({ ...p, field: `${field}.${where}` });
    }
  }
  return problems;
}
