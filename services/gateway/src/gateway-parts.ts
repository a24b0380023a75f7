/** What the handlers of the API work with; `main.ts` and tests put it together. */
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { ArtifactStore } from '@onegin/artifacts';
import type { DatasetListing, Site, TrainerHeartbeat } from '@onegin/contracts';
import type { ApiKeys, StudyLog } from '@onegin/service-kit';
import type { Door } from './access/door.ts';
import type { Gatekeeper } from './access/gatekeeper.ts';
import type { PublicJobs } from './access/public-jobs.ts';
import type { Sessions } from './access/sessions.ts';
import type { Archive } from './jobs/archive.ts';
import type { JobSignals } from './jobs/job-signals.ts';
import type { AnalysisThread } from './jobs/analysis.ts';
import type { JobList } from './jobs/job-list.ts';
import type { Studies } from './jobs/studies.ts';

export interface GatewayParts {
  readonly door: Door;
  readonly gatekeeper: Gatekeeper;
  readonly keys: ApiKeys;
  readonly sessions: Sessions;
  readonly publicJobs: PublicJobs;
  readonly redis: Redis;
  readonly log: StudyLog;
  readonly studies: Studies;
  readonly jobList: JobList;
  readonly signals: JobSignals;
  readonly archive: Archive;
  readonly artifacts: ArtifactStore;
  readonly analysis: AnalysisThread;
  readonly logger: Logger;
  readonly version: string;
  /** Origins of other sites whose pages may call, `https://example.org`. */
  readonly allowedOrigins: readonly string[];
  /** What the web UI is told of this installation. */
  readonly site: Site;
  /** In tests: every answer is checked against the schema that documents it. */
  readonly checkAnswers: boolean;
  datasets(): Promise<readonly DatasetListing[]>;
  trainers(): Promise<TrainerHeartbeat[]>;
  /** Asks the orchestrator to look at the study. */
  requestAdvance(jobId: string): Promise<void>;
  /** Rejects while the gateway cannot work: Redis is away, or it is shutting down. */
  checkReady(): Promise<void>;
  /** Prometheus' text form. */
  metrics(): Promise<{ text: string; contentType: string }>;
}
