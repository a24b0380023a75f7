/** Starting, listing, viewing and cancelling jobs. */
import { z } from 'zod';
import {
  jobEnded,
  jobProgress,
  OneginError,
  optimizationRequestSchema,
  parseOrThrow,
  type StudyState,
} from '@onegin/contracts';
import type { Logger, StudyLog } from '@onegin/service-kit';
import { acceptedSchema, jobDetailSchema, jobListSchema, jobStatusSchema } from '../api/answer-schemas.ts';
import { routesWith } from '../api/route.ts';
import { jobDetail, jobPath } from '../jobs/job-detail.ts';
import { cursorSchema, type JobList } from '../jobs/job-list.ts';
import { logAsNdjson, type LogSources } from '../jobs/log-as-ndjson.ts';
import { stateAnswer } from '../jobs/state-answer.ts';
import type { Studies } from '../jobs/studies.ts';
import { submitJob, type SubmitDeps } from '../jobs/submit-job.ts';
import { jobParams, oneOf, wholeNumber } from './parameters.ts';

interface JobRouteDeps extends SubmitDeps, LogSources {
  readonly studies: Pick<Studies, 'study' | 'state'>;
  readonly jobList: Pick<JobList, 'page'>;
  readonly log: Pick<StudyLog, 'append' | 'lastSeq' | 'lines'>;
  readonly logger: Logger;
}

const route = routesWith<JobRouteDeps>();

const optimizeHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/\S/, 'expected more than spaces')
    .max(255)
    .optional()
    .describe('The same key with the same request returns the same job for a day.'),
});

const optimize = route({
  method: 'post',
  path: '/api/optimize',
  operation: 'optimize',
  tag: 'Jobs',
  summary: 'Start a job',
  access: 'run',
  headers: optimizeHeaders,
  body: optimizationRequestSchema,
  // A request is a few kilobytes; one with 1000 enqueued trials stays below this.
  largestBody: '1mb',
  answer: { status: 202, description: 'The job is accepted.', schema: acceptedSchema },
  problems: ['dataset-unknown', 'idempotency-conflict', 'payload-too-large', 'unsupported-media-type'],
  async handle({ rawBody, headers, requestId }, deps) {
    const { 'idempotency-key': key } = parseOrThrow(optimizeHeaders, headers, 'the request');
    const accepted = await submitJob(rawBody, key, deps);
    // Connects the request to everything that is logged about its job later.
    deps.logger.info({ requestId, ...accepted }, 'the job is accepted');
    return { body: accepted, headers: { location: jobPath(accepted.jobId) } };
  },
});

const listJobs = route({
  method: 'get',
  path: '/api/jobs',
  operation: 'listJobs',
  tag: 'Jobs',
  summary: 'All jobs, newest first',
  access: 'read',
  query: z.strictObject({
    limit: wholeNumber(1, 200).default(50).describe('Jobs per page.'),
    after: cursorSchema.optional().describe('`next` of the previous page.'),
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
  summary: 'The whole study, packed: the web UI starts from it and then follows the events',
  access: 'read',
  params: jobParams,
  answer: {
    status: 200,
    description:
      'Trials with an outcome as columns (`blocks`), the rest as `state`; `seq` is the last event included.',
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
  summary: "The study's log: one event per line, in sequence",
  access: 'read',
  params: jobParams,
  query: z.strictObject({
    after: wholeNumber(0).default(0).describe('Only events after this sequence number.'),
    version: oneOf('1', '2')
      .default('2')
      .describe(
        'Of the names of events: 1 as Onegin 0.1 called them, before a trial and the final model had the same.',
      ),
    download: oneOf('true', 'false').default('false').describe('As an attachment.'),
  }),
  answer: { status: 200, description: 'Events as NDJSON.', contentTypes: ['application/x-ndjson'] },
  problems: ['job-unknown'],
  async handle({ params: { jobId }, query }, deps) {
    await deps.studies.study(jobId);
    return {
      content: () => logAsNdjson(jobId, { after: query.after, version: Number(query.version) }, deps),
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
  summary: 'Cancel a job; repeating it changes nothing',
  access: 'run',
  params: jobParams,
  answer: { status: 202, description: 'The job is being cancelled, or is.', schema: jobStatusSchema },
  problems: ['job-unknown', 'job-ended'],
  async handle({ params: { jobId } }, deps) {
    await requestCancel(jobId, deps);
    return { body: statusView(await deps.studies.state(jobId)) };
  },
});

async function requestCancel(jobId: string, { studies, log, requestAdvance }: JobRouteDeps): Promise<void> {
  const state = await studies.state(jobId);
  if (state.status === 'cancelled') return;
  if (!jobEnded(state.status)) {
    const { refusals } = await log.append(jobId, [{ type: 'CancelRequested' }]);
    if (refusals[0] === null || refusals[0] === 'cancel-requested') return requestAdvance(jobId);
  }
  const { status } = await studies.state(jobId);
  if (status !== 'cancelled') throw new OneginError('job-ended', `job ${jobId} has ended: ${status}`);
}

export const jobRoutes = [optimize, listJobs, getJob, getJobStatus, getJobState, getJobLog, cancelJob];
