/**
 * What the form holds: a request as a user sends it. What is not in it takes its default, which the request's schema
 * owns; so what the form shows as default and what the gateway fills in are the same.
 */
import {
  acceptRequest,
  modelKindOf,
  OneginError,
  optimizationRequestSchema,
  standardSpace,
  type DatasetListing,
  type FieldProblem,
  type OptimizationRequest,
  type OptimizationRequestInput,
  type Parameter,
} from '@onegin/contracts';

/** A request whose dataset may not be chosen yet: then it is empty. */
export type Draft = OptimizationRequestInput;
export type Field = keyof Draft;

/** Every default of a request; the seed's is drawn again each time, so it is not there. */
export const defaults: Omit<OptimizationRequest, 'dataset' | 'seed'> = (() => {
  const { dataset: _, seed: __, ...rest } = optimizationRequestSchema.parse({ dataset: 'any' });
  return rest;
})();

/** The same without one entry, or with it set. */
export const withEntry = <Value>(
  record: Readonly<Record<string, Value>>,
  key: string,
  value: Value | undefined,
): Record<string, Value> => ({
  ...Object.fromEntries(Object.entries(record).filter(([name]) => name !== key)),
  ...(value !== undefined && { [key]: value }),
});

/** The draft with one field set; null, undefined and an empty text mean its default. */
export function withField(draft: Draft, field: Field, value: unknown): Draft {
  const isDefault = value === null || value === '';
  return { dataset: '', ...withEntry<unknown>(draft, field, isDefault ? undefined : value) };
}

/**
 * The draft with one parameter of the search space set: another range, `null` to leave it out, or undefined for the
 * standard one.
 */
export function withParameter(draft: Draft, name: string, parameter: Parameter | null | undefined): Draft {
  const searchSpace = withEntry({ ...draft.searchSpace }, name, parameter);
  const { searchSpace: _, ...rest } = draft;
  return Object.keys(searchSpace).length > 0 ? { ...rest, searchSpace } : rest;
}

/** The draft for another dataset; ranges belong to a kind of network and go when that changes. */
export function withDataset(draft: Draft, name: string, datasets: readonly DatasetListing[]): Draft {
  const kindOf = (dataset: string) => datasets.find((known) => known.name === dataset)?.kind;
  const { searchSpace, enqueue, network, ...rest } = draft;
  const sameKind = kindOf(draft.dataset) === kindOf(name);
  return {
    ...rest,
    ...(sameKind && {
      ...(searchSpace && { searchSpace }),
      ...(enqueue && { enqueue }),
      ...(network && { network }),
    }),
    dataset: name,
  };
}

/** A draft that asks for what another job asked for. Defaults are left out, so that the form shows what was chosen. */
export function draftOf(request: OptimizationRequest): Draft {
  const chosen = Object.entries(request).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(defaults[field as keyof typeof defaults]),
  );
  return { dataset: request.dataset, ...Object.fromEntries(chosen) };
}

/** What the gateway would say to the draft, from the same code; empty where it would take it. */
export function problemsOf(draft: Draft, datasets: readonly DatasetListing[]): FieldProblem[] {
  if (draft.dataset === '')
    return [{ field: 'dataset', expected: 'expected a dataset', found: 'none chosen' }];
  try {
    acceptRequest(draft, datasets);
    return [];
  } catch (error) {
    if (error instanceof OneginError && error.problems.length > 0) return [...error.problems];
    throw error;
  }
}

/** Problems of a field and of what lies within it, such as `searchSpace.learningRate.high`. */
export const problemsUnder = (problems: readonly FieldProblem[], field: string): FieldProblem[] =>
  problems.filter(
    (problem) =>
      problem.field === field ||
      problem.field.startsWith(`${field}.`) ||
      problem.field.startsWith(`${field}[`),
  );

export interface ParameterRow {
  readonly name: string;
  readonly standard: Parameter;
  /** Null: left out, its architecture default is used. */
  readonly chosen: Parameter | null;
  readonly isChanged: boolean;
}

/** The parameters of the standard space for a dataset, with what the draft makes of each. */
export function parameterRows(draft: Draft, dataset: Pick<DatasetListing, 'kind'>): ParameterRow[] {
  return Object.entries(standardSpace(modelKindOf(dataset.kind))).map(([name, standard]) => {
    const override = draft.searchSpace?.[name];
    return {
      name,
      standard,
      chosen: override === undefined ? standard : override,
      isChanged: override !== undefined,
    };
  });
}
