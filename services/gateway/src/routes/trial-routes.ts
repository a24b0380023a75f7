/** Trials of a job, their metrics and charts. */
import { basename } from 'node:path/posix';
import { z } from 'zod';
import {
  architectureSchema,
  OneginError,
  trialMetricsSchema,
  trialView,
  trainingStatuses,
  type ArtifactRef,
  type PlotTarget,
  type StudyState,
  type TrialState,
} from '@onegin/contracts';
import { trialDetailSchema, trialListSchema } from '../api/answer-schemas.ts';
import { routesWith } from '../api/route.ts';
import { plotArtifacts, plotLinks, trialDetailView } from '../jobs/job-detail.ts';
import type { Studies } from '../jobs/studies.ts';
import { trialArchitecture, type ArchitectureSources } from '../jobs/trial-architecture.ts';
import { jobParams, plotParams, trialParams, wholeNumber } from './parameters.ts';
import { sendArtifact } from './send-artifact.ts';

interface TrialRouteDeps extends ArchitectureSources {
  readonly studies: Pick<Studies, 'state'>;
}

const route = routesWith<TrialRouteDeps>();

const MOST_TRIALS = 100_000;
const FILE_PROBLEMS = ['job-unknown', 'artifact-missing', 'artifact-corrupt', 'storage-unavailable'] as const;

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
  problems: [...FILE_PROBLEMS, 'trial-unknown'],
  async handle({ params }, { studies, artifacts }) {
    const ref = trialFile(await studies.state(params.jobId), params.number, 'metrics', 'metrics');
    return sendArtifact(artifacts, ref);
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
  problems: [...FILE_PROBLEMS, 'trial-unknown'],
  async handle({ params }, { studies, artifacts }) {
    const ref = trialFile(await studies.state(params.jobId), params.number, 'tensorboard', 'event file');
    // TensorBoard recognizes event files by their name.
    return sendArtifact(artifacts, ref, basename(ref.key));
  },
});

/** @param what the file's name for people */
function trialFile(state: StudyState, number: number, kind: string, what: string): ArtifactRef {
  const { artifacts, status } = trialOf(state, number);
  const ref = artifacts.find((artifact) => artifact.kind === kind);
  if (ref) return ref;
  throw new OneginError(
    'artifact-missing',
    `trial ${number} of job ${state.jobId} has no ${what}; it is ${status}`,
  );
}

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
  async handle({ params }, deps) {
    const state = await deps.studies.state(params.jobId);
    return { body: await trialArchitecture(state, trialOf(state, params.number), deps) };
  },
});

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
  problems: [...FILE_PROBLEMS, 'trial-unknown'],
  async handle({ params: { jobId, number, kind, format } }, { studies, artifacts }) {
    const state = await studies.state(jobId);
    trialOf(state, number);
    return sendArtifact(artifacts, plotFile(state, number, kind, format));
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
  problems: FILE_PROBLEMS,
  handle: async ({ params: { jobId, kind, format } }, { studies, artifacts }) =>
    sendArtifact(artifacts, plotFile(await studies.state(jobId), 'study', kind, format)),
});

function plotFile(state: StudyState, target: PlotTarget, kind: string, format: string): ArtifactRef {
  const wanted = `plot:${kind}.${format}`;
  const ref = plotArtifacts(state, target).find((artifact) => artifact.kind === wanted);
  if (ref) return ref;
  const kinds = plotLinks(state, target).map((link) => link.kind);
  const owner = target === 'study' ? `job ${state.jobId}` : `trial ${target} of job ${state.jobId}`;
  throw new OneginError(
    'artifact-missing',
    `${owner} has no chart ${kind}.${format}; it has ${kinds.length > 0 ? kinds.join(', ') : 'none yet'}`,
  );
}

export const trialRoutes = [
  listTrials,
  getTrial,
  getTrialMetrics,
  getTrialEvents,
  getTrialArchitecture,
  getTrialPlot,
  getStudyPlot,
];
