import { errorCodes, type ErrorCode } from '@onegin/contracts';

/** Why a training could not go on. The code is stable; the message is for people. */
export type TrainingErrorCode = Extract<
  ErrorCode,
  | 'network-impossible'
  | 'dataset-invalid'
  | 'diverged'
  | 'out-of-memory'
  | 'engine-unavailable'
  | 'training-failed'
  | 'training-process-died'
  | 'checkpoint-unfit'
>;

export class TrainingError extends Error {
  override readonly name = 'TrainingError';
  readonly code: TrainingErrorCode;
  /** Whether another attempt, perhaps on another trainer, can help. */
  readonly retryable: boolean;

  constructor(code: TrainingErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryable = errorCodes[code].retryable;
  }
}
