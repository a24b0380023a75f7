/**
 * From what a user sent to the configuration of a study, or to an error that names every wrong field. The one
 * way in: the API, and `optimize()` in a program, both go through here.
 */
import type { FieldProblem } from '../error-codes.ts';
import { objectiveNames } from '../log/objective.ts';
import { newJobId, newRunName } from './job-names.ts';
import type { ModelKind } from './model-config.ts';
import { optimizationRequestSchema, type OptimizationRequest } from './optimization-request.ts';
import { prunerProblems } from './pruner-options.ts';
import { stopRuleProblems } from './stop-rules.ts';
import { makeStudyConfig, type StudyConfig } from './study-config.ts';
import { invalid, OneginError, parseOrThrow, wrongField } from '../validation.ts';

/** Whatever the mode, pruners judge one report per epoch: the accuracy. */
const REPORTED_OBJECTIVES = 1;

/** What must be known of a dataset to accept a request for it. */
export interface KnownDataset {
  readonly name: string;
  readonly kind: 'image' | 'text';
}

/** The kind of network that a kind of data is read with. */
export const modelKindOf = (kind: KnownDataset['kind']): ModelKind => (kind === 'image' ? 'cnn' : 'lstm');

/**
 * @param names id and folder of the study; new ones when absent
 * @throws OneginError `request-invalid` or `dataset-unknown`, naming every wrong field
 */
export function acceptRequest(
  input: unknown,
  datasets: readonly KnownDataset[],
  names: { jobId?: string; runName?: string } = {},
): StudyConfig {
  const request = parseOrThrow(optimizationRequestSchema, input, 'the request');
  const dataset = datasets.find(({ name }) => name === request.dataset);
  if (!dataset) throw unknownDataset(request.dataset, datasets);
  const modelKind = modelKindOf(dataset.kind);
  const { mode, pruner, stop } = request;
  const problems = [
    ...networkProblems(request, dataset, modelKind),
    ...prunerProblems(pruner, REPORTED_OBJECTIVES),
    ...(stop ? stopRuleProblems(stop, objectiveNames(mode).length) : []),
  ];
  const jobId = names.jobId ?? newJobId();
  const runName = names.runName ?? newRunName(request, jobId);
  try {
    const config = makeStudyConfig(request, { jobId, runName, modelKind });
    if (problems.length === 0) return config;
  } catch (error) {
    if (!(error instanceof OneginError)) throw error;
    problems.push(...error.problems);
  }
  throw invalid('the request', problems);
}

function unknownDataset(name: string, datasets: readonly KnownDataset[]): OneginError {
  const expected = `expected one of ${datasets.map((known) => known.name).join(', ')}`;
  return new OneginError('dataset-unknown', `there is no dataset ${JSON.stringify(name)}; ${expected}`, {
    problems: [{ field: 'dataset', expected, found: name }],
  });
}

function networkProblems(
  { network }: OptimizationRequest,
  { name, kind }: KnownDataset,
  modelKind: ModelKind,
): FieldProblem[] {
  if (network === 'auto' || network === modelKind) return [];
  return [wrongField('network', `"auto" or "${modelKind}", because ${name} holds ${kind}s`, network)];
}
