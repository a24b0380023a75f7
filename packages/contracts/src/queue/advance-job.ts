/** Asks the orchestrator to look at a study and do what comes next. */
import { jobIdSchema } from '../targets.ts';
import { wireObject } from '../wire-object.ts';

export const advanceJobSchema = wireObject({ jobId: jobIdSchema });
