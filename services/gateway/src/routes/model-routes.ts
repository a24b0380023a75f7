/** The best model of a job: what it is, and the file. */
import type { z } from 'zod';
import { OneginError, totalScore, type ArtifactRef, type StudyState } from '@onegin/contracts';
import { bestModelSchema } from '../api/answer-schemas.ts';
import { routesWith } from '../api/route.ts';
import { finalModelView, jobPath } from '../jobs/job-detail.ts';
import type { Studies } from '../jobs/studies.ts';
import { storedArchitecture, type StoredFiles } from '../jobs/trial-architecture.ts';
import { jobParams } from './parameters.ts';
import { sendArtifact } from './send-artifact.ts';

interface ModelRouteDeps extends StoredFiles {
  readonly studies: Pick<Studies, 'state'>;
}

const route = routesWith<ModelRouteDeps>();

const PROBLEMS = ['job-unknown', 'model-not-ready', 'storage-unavailable'] as const;

const getBestModel = route({
  method: 'get',
  path: '/api/jobs/{jobId}/best-model',
  operation: 'getBestModel',
  tag: 'Model',
  summary: 'The best parameters, their scores, the network as data to draw, and links to the files',
  access: 'read',
  params: jobParams,
  answer: { status: 200, description: 'The best model so far.', schema: bestModelSchema },
  problems: PROBLEMS,
  handle: async ({ params }, deps) => ({ body: await bestModel(params.jobId, deps) }),
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
  async handle({ params }, deps) {
    const body = await bestModel(params.jobId, deps);
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
  async handle({ params }, { studies, artifacts }) {
    const state = await studies.state(params.jobId);
    const ref = finalArtifacts(state).find(({ kind }) => kind === 'keras');
    if (!ref) throw notReady(state);
    return sendArtifact(artifacts, ref, `${state.config.runName}.keras`);
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

async function bestModel(jobId: string, deps: ModelRouteDeps): Promise<z.input<typeof bestModelSchema>> {
  const state = await deps.studies.state(jobId);
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
    architecture: await storedArchitecture([...files, ...best.artifacts], deps),
    modelReady,
    files: files.map(({ kind, bytes, sha256, contentType }) => ({ kind, bytes, sha256, contentType })),
    links: {
      keras: modelReady ? `/api/download/${jobId}` : null,
      json: `${jobPath(jobId)}/best-model/download`,
      job: jobPath(jobId),
    },
  };
}

export const modelRoutes = [getBestModel, downloadBestModel, downloadModel];
