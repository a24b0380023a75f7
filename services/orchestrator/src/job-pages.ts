/** The ids of all jobs in Redis, a page at a time. */
import type { StudyLog } from '@onegin/service-kit';

const PAGE = 500;

export async function* jobPages(log: StudyLog): AsyncGenerator<string[]> {
  let page: string[] = [];
  do {
    page = (await log.jobs(PAGE, page.at(-1))).map(({ jobId }) => jobId);
    yield page;
  } while (page.length === PAGE);
}
