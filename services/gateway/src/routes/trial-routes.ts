/** Trials of a job, their metrics and charts. */
import { basename } from 'node:path/posix';
import { z } from 'zod';
import {
  architectureSchema,
  OneginError,
  trialMetricsSchema,
  trialView,
  trainingStatuses,
  type PlotTarget,
  type StudyState,
  type TrialState,
} from '@onegin/contracts';
import { trialDetailSchema, trialListSchema } from '../api/answer-schemas.ts';
import { route, type FileAnswer, type Route } from '../api/route.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { plotArtifacts, plotLinks, trialDetailView } from '../jobs/job-detail.ts';
import { trialArchitecture } from '../jobs/trial-architecture.ts';
import { sendArtifact } from './send-artifact.ts';
import { jobParams, plotParams, trialParams, wholeNumber } from './parameters.ts';

const MOST_TRIALS = 100_000;

const listTrials = route({
  method: 'get',
  path: '/api/jobs/{jobId}/trials',
  operation: 'listTrials',
  tag: 'Trials',
  summary: 'The trials of a job, by number',
  access: 'read',
  params: jobParams,
  query: z.strictObject({
    from: wholeNumber(0).default(0).describe('Number of the first trial.'),
    limit: wholeNumber(1, MOST_TRIALS).default(MOST_TRIALS),
    status: z.enum(trainingStatuses).optional().describe('Only trials in this status.'),
  }),
  answer: { status: 200, description: 'The trials.', schema: trialListSchema },
  problems: ['job-unknown'],
  async handle({ params: { jobId }, query: { from, limit, status } }, { studies }) {
    const state = await studies.state(jobId);
    const trials = state.trials
      .slice(from)
      .filter((trial) => status === undefined || trial.status === status)
      .slice(0, limit);
    return { body: { jobId, trials: trials.map((t) => trialView(state, t)), total: state.trials.length } };
  },
});

const getTrial = route({
  method: 'get',
  path: '/api/jobs/{jobId}/trials/{number}',
  operation: 'getTrial',
  tag: 'Trials',
  summary: 'One trial: every epoch, result, charts',
  access: 'read',
  params: trialParams,
  answer: { status: 200, description: 'The trial.', schema: trialDetailSchema },
  problems: ['job-unknown', 'trial-unknown'],
  handle: async ({ params }, { studies }) => {
    const state = await studies.state(params.jobId);
    return { body: trialDetailView(state, trialOf(state, params.number)) };
  },
});

function trialOf(state: StudyState, number: number): TrialState {
  const trial = state.trials[number];
  if (trial) return trial;
  const count = state.trials.length;
  throw new OneginError(
    'trial-unknown',
    `job ${state.jobId} has no trial ${number}; it has ${count === 0 ? 'none yet' : `0 to ${count - 1}`}`,
  );
}

const getTrialMetrics = route({
  method: 'get',
  path: '/api/jobs/{jobId}/trials/{number}/metrics',
  operation: 'getTrialMetrics',
  tag: 'Trials',
  summary: 'Everything a finished trial measured',
  access: 'read',
  params: trialParams,
  answer: {
    status: 200,
    description: 'The metrics.',
    contentTypes: ['application/json'],
    documents: trialMetricsSchema,
  },
  problems: ['job-unknown', 'trial-unknown', 'artifact-missing', 'artifact-corrupt', 'storage-unavailable'],
  async handle({ params }, parts) {
    const state = await parts.studies.state(params.jobId);
    const trial = trialOf(state, params.number);
    const ref = trial.artifacts.find(({ kind }) => kind === 'metrics');
    if (ref) return sendArtifact(ref, parts);
    throw new OneginError(
      'artifact-missing',
      `trial ${params.number} of job ${params.jobId} has no metrics; it is ${trial.status}`,
    );
  },
});

const getTrialEvents = route({
  method: 'get',
  path: '/api/jobs/{jobId}/trials/{number}/tensorboard',
  operation: 'getTrialEvents',
  tag: 'Trials',
  summary: "A finished trial's event file for TensorBoard: scalars and histograms by epoch",
  access: 'read',
  params: trialParams,
  answer: { status: 200, description: 'The file.', contentTypes: ['application/octet-stream'] },
  problems: ['job-unknown', 'trial-unknown', 'artifact-missing', 'artifact-corrupt', 'storage-unavailable'],
  async handle({ params }, parts) {
    const state = await parts.studies.state(params.jobId);
    const trial = trialOf(state, params.number);
    const ref = trial.artifacts.find(({ kind }) => kind === 'tensorboard');
    // TensorBoard knows event files by their name.
    if (ref) return sendArtifact(ref, parts, basename(ref.key));
    throw new OneginError(
      'artifact-missing',
      `trial ${params.number} of job ${params.jobId} has no event file; it is ${trial.status}`,
    );
  },
});

const getTrialArchitecture = route({
  method: 'get',
  path: '/api/jobs/{jobId}/trials/{number}/architecture',
  operation: 'getTrialArchitecture',
  tag: 'Trials',
  summary: 'The network of a trial as data to draw; also while it trains or waits',
  access: 'read',
  params: trialParams,
  answer: { status: 200, description: 'The network.', schema: architectureSchema },
  problems: ['job-unknown', 'trial-unknown', 'artifact-missing'],
  async handle({ params }, parts) {
    const state = await parts.studies.state(params.jobId);
    return { body: await trialArchitecture(state, trialOf(state, params.number), parts) };
  },
});

const PLOT_PROBLEMS = ['job-unknown', 'artifact-missing', 'artifact-corrupt', 'storage-unavailable'] as const;
const IMAGE_TYPES = ['image/svg+xml', 'image/png'] as const;

const getTrialPlot = route({
  method: 'get',
  path: '/api/jobs/{jobId}/trials/{number}/plots/{kind}.{format}',
  operation: 'getTrialPlot',
  tag: 'Trials',
  summary: 'A chart of a trial',
  access: 'read',
  params: trialParams.extend(plotParams),
  answer: { status: 200, description: 'The chart.', contentTypes: IMAGE_TYPES },
  problems: [...PLOT_PROBLEMS, 'trial-unknown'],
  async handle({ params: { jobId, number, kind, format } }, parts) {
    const state = await parts.studies.state(jobId);
    trialOf(state, number);
    return sendPlot(state, number, kind, format, parts);
  },
});

const getStudyPlot = route({
  method: 'get',
  path: '/api/jobs/{jobId}/plots/{kind}.{format}',
  operation: 'getStudyPlot',
  tag: 'Jobs',
  summary: 'A chart of the whole study',
  access: 'read',
  params: jobParams.extend(plotParams),
  answer: { status: 200, description: 'The chart.', contentTypes: IMAGE_TYPES },
  problems: PLOT_PROBLEMS,
  handle: async ({ params: { jobId, kind, format } }, parts) =>
    sendPlot(await parts.studies.state(jobId), 'study', kind, format, parts),
});

function sendPlot(
  state: StudyState,
  target: PlotTarget,
  kind: string,
  format: string,
  parts: GatewayParts,
): FileAnswer {
  const wanted = `plot:${kind}.${format}`;
  const ref = plotArtifacts(state, target).find((artifact) => artifact.kind === wanted);
  if (ref) return sendArtifact(ref, parts);
  const there = plotLinks(state, target).map((link) => link.kind);
  const whose = target === 'study' ? `job ${state.jobId}` : `trial ${target} of job ${state.jobId}`;
  throw new OneginError(
    'artifact-missing',
    `${whose} has no chart ${kind}.${format}; it has ${there.length > 0 ? there.join(', ') : 'none yet'}`,
  );
}

export const trialRoutes: readonly Route[] = [
  listTrials,
  getTrial,
  getTrialMetrics,
  getTrialEvents,
  getTrialArchitecture,
  getTrialPlot,
  getStudyPlot,
];
