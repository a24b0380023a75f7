/**
 * The study that the address names, asked for before there is a page to show it: on a job's page it is what takes
 * longest to come.
 */
import type { PackedState } from '@onegin/contracts';

const JOB_PAGE = /^\/jobs\/([^/]+)(?:\/trials\/\d+)?\/?$/;

interface Asked {
  readonly jobId: string;
  /** Null where it did not come: whoever wants it asks again, and says why. */
  readonly answer: Promise<PackedState | null>;
}

let asked: Asked | null = null;

/** @param pathname of the address */
export function askForState(pathname: string): void {
  const jobId = JOB_PAGE.exec(pathname)?.[1];
  if (jobId === undefined) return;
  const answer = fetch(`api/jobs/${jobId}/state`)
    .then((response) => (response.ok ? (response.json() as Promise<PackedState>) : null))
    .catch(() => null);
  asked = { jobId: decodeURIComponent(jobId), answer };
}

/** What was asked for, once: the next who wants it wants it newer. */
export async function takeState(jobId: string): Promise<PackedState | null> {
  const taken = asked;
  asked = null;
  return taken?.jobId === jobId ? taken.answer : null;
}
