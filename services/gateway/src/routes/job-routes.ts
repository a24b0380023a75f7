/** Starting, listing, looking at and cancelling jobs. */
import { z } from 'zod';
import {
  jobEnded,
  jobProgress,
  OneginError,
  optimizationRequestSchema,
  type StudyState,
} from '@onegin/contracts';
import { acceptedSchema, jobDetailSchema, jobListSchema, jobStatusSchema } from '../api/answer-schemas.ts';
import { route, type Route } from '../api/route.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { jobDetail, jobPath } from '../jobs/job-detail.ts';
import { logAsNdjson } from '../jobs/log-as-ndjson.ts';
import { stateAnswer } from '../jobs/state-answer.ts';
import { submitJob } from '../jobs/submit-job.ts';
import { jobParams, oneOf, wholeNumber } from './parameters.ts';

const LONGEST_KEY = 255;

const optimize = route({
  method: 'post',
  path: '/api/optimize',
  operation: 'optimize',
  tag: 'Jobs',
  summary: 'Start a job',
  access: 'run',
  headers: z.object({
    'idempotency-key': z
      .string()
      .max(LONGEST_KEY)
      .optional()
      .describe('The same key with the same request stands for the same job for a day.'),
  }),
  body: optimizationRequestSchema,
  // A request is a few kilobytes; one with 1000 enqueued trials stays below this.
  largestBody: '1mb',
  answer: { status: 202, description: 'The job is accepted.', schema: acceptedSchema },
  problems: ['dataset-unknown', 'idempotency-conflict', 'payload-too-large', 'unsupported-media-type'],
  async handle({ rawBody, headers, requestId }, parts) {
    const accepted = await submitJob(rawBody, idempotencyKey(headers['idempotency-key']), parts);
    // The line that leads from a request to all that its job says later.
    parts.logger.info({ requestId, ...accepted }, 'the job is accepted');
    return { body: accepted, headers: { location: jobPath(accepted.jobId) } };
  },
});

function idempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const key = String(header);
  if (key.trim() !== '' && key.length <= LONGEST_KEY) return key;
  const problem = {
    field: 'idempotency-key',
    expected: `expected 1 to ${LONGEST_KEY} characters`,
    found: `${key.length} characters`,
  };
  throw new OneginError('request-invalid', `${problem.field}: ${problem.expected}, found ${problem.found}`, {
    problems: [problem],
  });
}

const listJobs = route({
  method: 'get',
  path: '/api/jobs',
  operation: 'listJobs',
  tag: 'Jobs',
  summary: 'All jobs, newest first',
  access: 'read',
  query: z.strictObject({
    limit: wholeNumber(1, 200).default(50).describe('Jobs per page.'),
    after: z.string().max(100).optional().describe('`next` of the page before.'),
  }),
  answer: { status: 200, description: 'One page of jobs.', schema: jobListSchema },
  problems: [],
  handle: async ({ query }, { jobList }) => {
    const { jobs, next } = await jobList.page(query.limit, query.after);
    return { body: { jobs: jobs as z.input<typeof jobListSchema>['jobs'], next } };
  },
});

const getJob = route({
  method: 'get',
  path: '/api/jobs/{jobId}',
  operation: 'getJob',
  tag: 'Jobs',
  summary: 'One job: request, search space, progress, best trial, final model, charts',
  access: 'read',
  params: jobParams,
  answer: { status: 200, description: 'The job.', schema: jobDetailSchema },
  problems: ['job-unknown'],
  handle: async ({ params }, { studies }) => ({ body: jobDetail(await studies.state(params.jobId)) }),
});

const getJobStatus = route({
  method: 'get',
  path: '/api/jobs/{jobId}/status',
  operation: 'getJobStatus',
  tag: 'Jobs',
  summary: 'Status and progress only',
  access: 'read',
  params: jobParams,
  answer: { status: 200, description: 'The status.', schema: jobStatusSchema },
  problems: ['job-unknown'],
  handle: async ({ params }, { studies }) => ({ body: statusView(await studies.state(params.jobId)) }),
});

const statusView = (state: StudyState) => ({
  jobId: state.jobId,
  runName: state.config.runName,
  status: state.status,
  cancelRequested: state.cancelRequested,
  progress: jobProgress(state),
});

const getJobState = route({
  method: 'get',
  path: '/api/jobs/{jobId}/state',
  operation: 'getJobState',
  tag: 'Jobs',
  summary: 'The whole study, packed: what the web UI starts from before it watches the events after it',
  access: 'read',
  params: jobParams,
  answer: {
    status: 200,
    description:
      'Trials with an outcome as columns (`blocks`), the rest as `state`; its `seq` says up to where.',
    contentTypes: ['application/json'],
  },
  problems: ['job-unknown'],
  async handle({ params }, { studies }) {
    const answer = stateAnswer(await studies.state(params.jobId));
    return {
      content: () => answer.json(),
      gzipped: () => answer.gzip(),
      contentType: 'application/json; charset=utf-8',
    };
  },
});

const getJobLog = route({
  method: 'get',
  path: '/api/jobs/{jobId}/log',
  operation: 'getJobLog',
  tag: 'Jobs',
  summary: "The study's log: one event a line, in sequence",
  access: 'read',
  params: jobParams,
  query: z.strictObject({
    after: wholeNumber(0).default(0).describe('Only events after this sequence number.'),
    download: oneOf('true', 'false').default('false').describe('As an attachment.'),
  }),
  answer: { status: 200, description: 'Events as NDJSON.', contentTypes: ['application/x-ndjson'] },
  problems: ['job-unknown'],
  async handle({ params: { jobId }, query }, parts) {
    await parts.studies.study(jobId);
    return {
      content: () => logAsNdjson(jobId, query.after, parts),
      contentType: 'application/x-ndjson; charset=utf-8',
      ...(query.download === 'true' && { fileName: `${jobId}-log.ndjson` }),
    };
  },
});

const cancelJob = route({
  method: 'post',
  path: '/api/jobs/{jobId}/cancel',
  operation: 'cancelJob',
  tag: 'Jobs',
  summary: 'Cancel a job; doing it again changes nothing',
  access: 'run',
  params: jobParams,
  answer: { status: 202, description: 'The job is being cancelled, or is.', schema: jobStatusSchema },
  problems: ['job-unknown', 'job-ended'],
  async handle({ params: { jobId } }, parts) {
    await requestCancel(jobId, parts);
    return { body: statusView(await parts.studies.state(jobId)) };
  },
});

async function requestCancel(
  jobId: string,
  { studies, log, requestAdvance, logger }: GatewayParts,
): Promise<void> {
  const state = await studies.state(jobId);
  if (state.status === 'cancelled') return;
  if (!jobEnded(state.status)) {
    const { refusals } = await log.append(jobId, [{ type: 'CancelRequested' }]);
    if (refusals[0] === null || refusals[0] === 'cancel-requested') {
      await requestAdvance(jobId).catch((error: unknown) =>
        logger.warn({ err: error, jobId }, 'advance not asked for'),
      );
      return;
    }
  }
  const { status } = await studies.state(jobId);
  if (status !== 'cancelled') throw new OneginError('job-ended', `job ${jobId} has ended: ${status}`);
}

export const jobRoutes: readonly Route[] = [
  optimize,
  listJobs,
  getJob,
  getJobStatus,
  getJobState,
  getJobLog,
  cancelJob,
];
