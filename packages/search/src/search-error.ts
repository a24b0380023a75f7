/** What went wrong, as a stable word that programs can test. */
export type SearchErrorCode =
  | 'INVALID_SPACE'
  | 'INVALID_DIRECTIONS'
  | 'INVALID_SEED'
  | 'INVALID_PARAMS'
  | 'INVALID_VALUES'
  | 'INVALID_CONSTRAINTS'
  | 'INVALID_HISTORY'
  | 'INVALID_REPORT'
  | 'UNKNOWN_SAMPLER'
  | 'INVALID_SAMPLER_OPTION'
  | 'INVALID_PRUNER_OPTION'
  | 'INVALID_STOP_RULE'
  | 'INVALID_IMPORTANCE_OPTION'
  | 'UNKNOWN_TRIAL'
  | 'TRIAL_ALREADY_TOLD'
  | 'TRIAL_NOT_PAUSED';

/** A mistake of the caller: bad input or a call out of order. Samplers themselves never throw. */
export class SearchError extends Error {
  readonly code: SearchErrorCode;
  /** The field that is wrong, as a path such as `lr.low`; empty where there is none. */
  readonly field: string;

  constructor(code: SearchErrorCode, message: string, field = '') {
    super(message);
    this.name = 'SearchError';
    this.code = code;
    this.field = field;
  }
}
