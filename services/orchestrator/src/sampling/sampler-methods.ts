/** What the orchestrator asks of a sampler thread. */
import type { NewStudyEvent, StudyConfig } from '@onegin/contracts';
import type { Trial } from '@onegin/search';

export interface ProposalRequest {
  readonly session: number;
  /** Opens the session, whatever was there before. */
  readonly config?: StudyConfig;
  readonly numbers: readonly number[];
  /** Trials there are; any further one that the thread has proposed was not accepted. */
  readonly count: number;
  /** Trials that are new, or others, since the session's last request. */
  readonly changes: readonly Trial[];
}

export interface SamplerMethods {
  /** Events for the first of the numbers, one number at least. */
  propose(request: ProposalRequest): NewStudyEvent[];
  close(session: number): void;
}
