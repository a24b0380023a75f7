/** The log lines of a job, from all services. */
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { jobLineSchema, jobEnded, lineIdSchema, lineLevels, type JobLine } from '@onegin/contracts';
import { readJobLines } from '@onegin/service-kit';
import { routesWith } from '../api/route.ts';
import type { Studies } from '../jobs/studies.ts';
import { jobParams, wholeNumber } from './parameters.ts';

interface LineRouteDeps {
  readonly studies: Pick<Studies, 'state'>;
  readonly redis: Redis;
}

const route = routesWith<LineRouteDeps>();

const MOST_LINES = 1000;
/** Lines scanned per request, however few of them match. */
const MOST_SCANNED = 5000;

const linesSchema = z.strictObject({
  jobId: z.string(),
  lines: z.array(jobLineSchema),
  next: lineIdSchema.nullable().describe('Pass it as `after` for newer lines; null: there are no lines yet.'),
  more: z.boolean().describe('Whether there are more lines already.'),
  ended: z.boolean().describe('Whether the job has ended: few lines will follow.'),
});

const getJobLines = route({
  method: 'get',
  path: '/api/jobs/{jobId}/logs',
  operation: 'getJobLines',
  tag: 'Jobs',
  summary:
    'The log lines that all services wrote about a job, oldest first; the newest few thousand are kept',
  access: 'read',
  params: jobParams,
  query: z.strictObject({
    after: lineIdSchema.optional().describe('Only lines after this one: `next` of the previous answer.'),
    trial: z
      .union([z.literal('final'), wholeNumber(0)])
      .optional()
      .describe('Only lines about this trial.'),
    level: z.enum(lineLevels).default('trace').describe('Only lines of at least this level.'),
    limit: wholeNumber(1, MOST_LINES).default(500),
  }),
  answer: { status: 200, description: 'The lines.', schema: linesSchema },
  problems: ['job-unknown'],
  async handle({ params: { jobId }, query }, { studies, redis }) {
    const { status } = await studies.state(jobId);
    const wanted = (line: JobLine): boolean =>
      (query.trial === undefined || line.trial === query.trial) &&
      lineLevels.findIndex((level) => level === line.level) >= lineLevels.indexOf(query.level);
    const lines: JobLine[] = [];
    let next = query.after ?? null;
    let more = true;
    for (let scanned = 0; more && lines.length < query.limit && scanned < MOST_SCANNED;) {
      const count = query.limit - lines.length;
      const page = await readJobLines(redis, jobId, { after: next, count });
      lines.push(...page.lines.filter(wanted));
      next = page.last ?? next;
      more = page.found === count;
      scanned += page.found;
    }
    return { body: { jobId, lines, next, more, ended: jobEnded(status) } };
  },
});

export const lineRoutes = [getJobLines];
