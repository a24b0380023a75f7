/** Looks into a study beside the event loop: a forest of a thousand trials takes longer than clients should wait. */
import { OneginError } from '@onegin/contracts';
import {
  findings,
  importances,
  SearchError,
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
  importances: ({ history, request }) => refusing(() => importances(history, request)),
  findings: ({ history, request }) => refusing(() => findings(history, request)),
});

/** A search error has no code that crosses a process; what it refuses is the caller's mistake. */
function refusing<Result>(analyse: () => Result): Result {
  try {
    return analyse();
  } catch (error) {
    if (!(error instanceof SearchError) || error.code !== 'INVALID_IMPORTANCE_OPTION') throw error;
    const { field, message } = error;
    throw new OneginError('request-invalid', message, {
      problems: [{ field, expected: message, found: '' }],
    });
  }
}
