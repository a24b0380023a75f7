/**
 * The study that the address names, asked for before there is a page to show it: on a job's page it is what takes
 * longest to come.
 */
import type { PackedState } from '@onegin/contracts';

const JOB_PAGE = /^\/jobs\/([^/]+)(?:\/trials\/\d+)?\/?$/;

interface Asked {
  /** As the address has it: it may hold signs that stand for nothing. */
  readonly encodedId: string;
  /** Null where it did not come: the caller asks again, and says why. */
  readonly answer: Promise<PackedState | null>;
}

let asked: Asked | null = null;

/** @param pathname of the address */
export function askForState(pathname: string): void {
  const encodedId = JOB_PAGE.exec(pathname)?.[1];
  if (encodedId === undefined) return;
  const answer = fetch(`api/jobs/${encodedId}/state`)
    .then((response) => (response.ok ? (response.json() as Promise<PackedState>) : null))
    .catch(() => null);
  asked = { encodedId, answer };
}

/** What was asked for, once: the next who wants it wants it newer. */
export async function takeState(jobId: string): Promise<PackedState | null> {
  const taken = asked;
  asked = null;
  return taken?.encodedId === encodeURIComponent(jobId) ? taken.answer : null;
}
