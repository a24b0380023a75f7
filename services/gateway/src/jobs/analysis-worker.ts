/** Looks into a study beside the event loop: a forest of a thousand trials takes longer than clients should wait. */
import {
  findings,
  importances,
  type ImportanceRequest,
  type MarginalRequest,
  type Trial,
} from '@onegin/search';
import { serveParent } from '@onegin/service-kit/channel';

interface Work<Request> {
  readonly history: readonly Trial[];
  readonly request: Request;
}

/** What can be asked about a study. */
export interface AnalysisMethods {
  importances(work: Work<ImportanceRequest>): ReturnType<typeof importances>;
  findings(work: Work<MarginalRequest>): ReturnType<typeof findings>;
}

serveParent<AnalysisMethods>({
  importances: ({ history, request }) => importances(history, request),
  findings: ({ history, request }) => findings(history, request),
});
