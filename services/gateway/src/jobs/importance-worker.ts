/** Computes importance beside the event loop: a forest of a thousand trials takes longer than clients should wait. */
import { parentPort } from 'node:worker_threads';
import { importances, SearchError, type ImportanceRequest, type Trial } from '@onegin/search';

export interface ImportanceWork {
  readonly id: number;
  readonly history: readonly Trial[];
  readonly request: ImportanceRequest;
}

export type ImportanceReply = { readonly id: number } & (
  | { readonly result: ReturnType<typeof importances> }
  /** The request cannot be met: which field, and why. */
  | { readonly refused: { readonly field: string; readonly message: string } }
  | { readonly failed: string }
);

parentPort?.on('message', (work: ImportanceWork) => parentPort?.postMessage(reply(work)));

function reply({ id, history, request }: ImportanceWork): ImportanceReply {
  try {
    return { id, result: importances(history, request) };
  } catch (error) {
    if (error instanceof SearchError && error.code === 'INVALID_IMPORTANCE_OPTION')
      return { id, refused: { field: error.field, message: error.message } };
    return { id, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
