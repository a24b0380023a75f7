import { OneginError, type Failure } from '@onegin/contracts';

/** What failed, as the log has it; `training-failed` where the error says nothing better. */
export function failureOf(error: unknown): Failure {
  if (error instanceof OneginError) return { code: error.code, message: error.message };
  return { code: 'training-failed', message: error instanceof Error ? error.message : String(error) };
}
