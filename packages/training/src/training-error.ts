/** Why a training could not go on. The code is stable; the message is for people. */
export type TrainingErrorCode =
  | 'network-impossible'
  | 'data-unfit'
  | 'diverged'
  | 'out-of-memory'
  | 'engine-unavailable'
  | 'engine-failed'
  | 'checkpoint-unfit';

/** Another attempt, perhaps on another trainer, can help only against these. */
const RETRYABLE: ReadonlySet<TrainingErrorCode> = new Set([
  'out-of-memory',
  'engine-unavailable',
  'engine-failed',
]);

export class TrainingError extends Error {
  override readonly name = 'TrainingError';
  readonly code: TrainingErrorCode;
  readonly retryable: boolean;

  constructor(code: TrainingErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryable = RETRYABLE.has(code);
  }
}
