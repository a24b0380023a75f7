/** Looks into a study beside the event loop: a forest of a thousand trials takes longer than clients should wait. */
import { parentPort } from 'node:worker_threads';
import { OneginError } from '@onegin/contracts';
import {
  findings,
  importances,
  type ImportanceRequest,
  type MarginalRequest,
  type Trial,
} from '@onegin/search';

/** What can be asked about a study, and what comes back. */
export interface Analyses {
  readonly importances: { request: ImportanceRequest; result: ReturnType<typeof importances> };
  readonly findings: { request: MarginalRequest; result: ReturnType<typeof findings> };
}
export type AnalysisName = keyof Analyses;

export type AnalysisWork<Name extends AnalysisName = AnalysisName> = {
  [Each in Name]: {
    readonly id: number;
    readonly name: Each;
    readonly history: readonly Trial[];
    readonly request: Analyses[Each]['request'];
  };
}[Name];

export type AnalysisReply = { readonly id: number } & (
  | { readonly result: Analyses[AnalysisName]['result'] }
  /** The request cannot be met: which field, and why. */
  | { readonly refused: { readonly field: string; readonly message: string } }
  | { readonly failed: string }
);

parentPort?.on('message', (work: AnalysisWork) => parentPort?.postMessage(reply(work)));

const analyse = (work: AnalysisWork): Analyses[AnalysisName]['result'] =>
  work.name === 'findings' ? findings(work.history, work.request) : importances(work.history, work.request);

function reply(work: AnalysisWork): AnalysisReply {
  const { id } = work;
  try {
    return { id, result: analyse(work) };
  } catch (error) {
    if (error instanceof OneginError)
      return { id, refused: { field: error.problems[0]?.field ?? '', message: error.message } };
    return { id, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
