/** The best model of a job: what it is, and the file. */
import type { z } from 'zod';
import {
  architectureSchema,
  OneginError,
  totalScore,
  type ArtifactRef,
  type StudyState,
} from '@onegin/contracts';
import { bestModelSchema } from '../api/answer-schemas.ts';
import { route, type Route } from '../api/route.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { finalModelView, jobPath } from '../jobs/job-detail.ts';
import { jobParams } from './parameters.ts';
import { sendArtifact } from './send-artifact.ts';

const PROBLEMS = ['job-unknown', 'model-not-ready', 'storage-unavailable'] as const;

const getBestModel = route({
  method: 'get',
  path: '/api/jobs/{jobId}/best-model',
  operation: 'getBestModel',
  tag: 'Model',
  summary: 'The best parameters, their scores, the network to draw, and where the files are',
  access: 'read',
  params: jobParams,
  answer: { status: 200, description: 'The best model so far.', schema: bestModelSchema },
  problems: PROBLEMS,
  handle: async ({ params }, parts) => ({ body: await bestModel(params.jobId, parts) }),
});

const downloadBestModel = route({
  method: 'get',
  path: '/api/jobs/{jobId}/best-model/download',
  operation: 'downloadBestModel',
  tag: 'Model',
  summary: 'The same as a JSON attachment',
  access: 'read',
  params: jobParams,
  answer: { status: 200, description: 'The best model so far.', schema: bestModelSchema },
  problems: PROBLEMS,
  async handle({ params }, parts) {
    const body = await bestModel(params.jobId, parts);
    return { body, fileName: `${body.runName}-best-model.json` };
  },
});

const downloadModel = route({
  method: 'get',
  path: '/api/download/{jobId}',
  operation: 'downloadModel',
  tag: 'Model',
  summary: 'The trained final model as a .keras file',
  access: 'read',
  params: jobParams,
  answer: { status: 200, description: 'The file.', contentTypes: ['application/zip'] },
  problems: [...PROBLEMS, 'artifact-missing', 'artifact-corrupt'],
  async handle({ params }, parts) {
    const state = await parts.studies.state(params.jobId);
    const ref = finalArtifacts(state).find(({ kind }) => kind === 'keras');
    if (!ref) throw notReady(state);
    return sendArtifact(ref, parts, `${state.config.runName}.keras`);
  },
});

const finalArtifacts = ({ finalModel }: StudyState): readonly ArtifactRef[] =>
  finalModel?.status === 'completed' ? finalModel.artifacts : [];

function notReady(state: StudyState): OneginError {
  const { jobId, status, finalModel, failure } = state;
  const why = finalModel?.failure ?? failure;
  return new OneginError(
    'model-not-ready',
    `job ${jobId} has no model${status === 'completed' || status === 'failed' || status === 'cancelled' ? '' : ' yet'}: it is ${status}` +
      (why ? `, ${why.message}` : finalModel ? `, its final model is ${finalModel.status}` : ''),
  );
}

async function bestModel(jobId: string, parts: GatewayParts): Promise<z.input<typeof bestModelSchema>> {
  const state = await parts.studies.state(jobId);
  const best = state.best === null ? undefined : state.trials[state.best];
  if (!best?.result) throw notReady(state);
  const { config } = state;
  const files = finalArtifacts(state);
  const modelReady = files.some(({ kind }) => kind === 'keras');
  return {
    jobId,
    runName: config.runName,
    dataset: config.request.dataset,
    modelKind: config.modelKind,
    trial: best.number,
    params: best.params,
    trialResult: best.result,
    totalScore: totalScore(config.objective, best.result),
    finalModel: finalModelView(state),
    architecture: await architectureOf([...files, ...best.artifacts], parts),
    modelReady,
    files: files.map(({ kind, bytes, sha256, contentType }) => ({ kind, bytes, sha256, contentType })),
    links: {
      keras: modelReady ? `/api/download/${jobId}` : null,
      json: `${jobPath(jobId)}/best-model/download`,
      job: jobPath(jobId),
    },
  };
}

/** The network as data to draw, where one of the trainings has left it. */
async function architectureOf(refs: readonly ArtifactRef[], { artifacts, logger }: GatewayParts) {
  const ref = refs.find(({ kind }) => kind === 'architecture');
  if (!ref) return null;
  try {
    return architectureSchema.parse(JSON.parse((await artifacts.get(ref)).toString()));
  } catch (error) {
    // The parameters and scores are worth showing without the drawing.
    logger.warn({ err: error, key: ref.key }, 'the architecture cannot be read');
    return null;
  }
}

export const modelRoutes: readonly Route[] = [getBestModel, downloadBestModel, downloadModel];
