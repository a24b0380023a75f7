/** Asks the orchestrator to look at a study and do what comes next. */
import * as z from 'zod';
import { jobIdSchema } from '../targets.ts';

export const advanceJobSchema = z.strictObject({ jobId: jobIdSchema });
