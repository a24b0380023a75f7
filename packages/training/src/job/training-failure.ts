/** What went wrong, in the codes that the study log knows. */
import { isErrorCode, OneginError, type ErrorCode, type Failure } from '@onegin/contracts';
import { DatasetError } from '@onegin/datasets';
import { TrainingError, type TrainingErrorCode } from '../training-error.ts';

const CODE_OF: Record<TrainingErrorCode, ErrorCode> = {
  'network-impossible': 'network-impossible',
  'dataset-invalid': 'dataset-invalid',
  diverged: 'diverged',
  'out-of-memory': 'out-of-memory',
  'engine-unavailable': 'engine-unavailable',
  'training-failed': 'training-failed',
  'training-process-died': 'training-process-died',
  'checkpoint-unfit': 'training-failed',
};

export function trainingFailure(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  return { code: codeOf(error), message: message.slice(0, 2000) };
}

function codeOf(error: unknown): ErrorCode {
  if (error instanceof TrainingError) return CODE_OF[error.code];
  if (error instanceof DatasetError || error instanceof OneginError) {
    const { code } = error;
    if (isErrorCode(code)) return code;
  }
  return 'training-failed';
}
