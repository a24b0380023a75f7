/** Asks the orchestrator to look at a study: one request per study waits, and one more follows a running one. */
import { changesDecision, type NewStudyEvent } from '@onegin/contracts';
import type { AppendResult, StudyLog } from './study-log.ts';
import type { TypedQueue } from './typed-queue.ts';

export const requestAdvance = (queue: TypedQueue<'studies'>, jobId: string): Promise<void> =>
  queue.add({ jobId }, { onceFor: jobId });

/**
 * Appends, and requests an advance where an appended event can change a decision.
 * @param pruning whether epochs can (TrialJob.pruning, or the request's pruner)
 */
export async function appendAndAdvance(
  { log, studies }: { log: StudyLog; studies: TypedQueue<'studies'> },
  jobId: string,
  events: readonly NewStudyEvent[],
  pruning: boolean,
): Promise<AppendResult> {
  const result = await log.append(jobId, events);
  if (result.events.some((event) => changesDecision(event, pruning)))
    // The event is in the log: if Redis refuses the task, the orchestrator only finds it later, when it reconciles.
    await requestAdvance(studies, jobId).catch(() => undefined);
  return result;
}
