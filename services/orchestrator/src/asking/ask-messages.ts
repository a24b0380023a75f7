/** What the orchestrator and its asking threads tell each other. */
import type { NewStudyEvent, StudyConfig } from '@onegin/contracts';
import type { Trial } from '@onegin/search';

export type ToThread =
  | { readonly type: 'open'; readonly session: number; readonly config: StudyConfig }
  | {
      readonly type: 'ask';
      readonly session: number;
      readonly id: number;
      readonly numbers: readonly number[];
      /** Trials there are; any further one that the thread has proposed was not accepted. */
      readonly count: number;
      /** Trials that are new, or others, since the session's last message. */
      readonly changes: readonly Trial[];
    }
  | { readonly type: 'close'; readonly session: number };

export type FromThread = { readonly id: number } & (
  { readonly events: NewStudyEvent[] } | { readonly failed: string }
);
