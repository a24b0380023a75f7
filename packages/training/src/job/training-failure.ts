/** What went wrong, in the codes that the study log knows. */
import { messageOf, OneginError, type Failure } from '@onegin/contracts';

export const trainingFailure = (error: unknown): Failure => ({
  code: error instanceof OneginError ? error.code : 'training-failed',
  message: messageOf(error).slice(0, 2000),
});
