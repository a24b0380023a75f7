/** What the API returns about a job and its trials beyond the summary, derived from the study's state. */
import type { z } from 'zod';
import {
  jobSummary,
  trialDetail,
  type ArtifactRef,
  type PlotTarget,
  type StudyState,
  type TrialState,
} from '@onegin/contracts';
import type { finalModelSchema, JobDetail, PlotLink, trialDetailSchema } from '../api/answer-schemas.ts';

const PLOT_KIND = /^plot:(.+)\.(svg|png)$/;

export const jobPath = (jobId: string): string => `/api/jobs/${jobId}`;

export function jobDetail(state: StudyState): JobDetail {
  const { config } = state;
  const plots = state.plots['study'];
  return {
    ...jobSummary(state),
    mode: config.request.mode,
    sequence: state.seq,
    cancelRequested: state.cancelRequested,
    request: config.request,
    modelKind: config.modelKind,
    searchSpace: config.space,
    objective: config.objective,
    front: state.front,
    searchEndReason: state.searchEndReason,
    finalModel: finalModelView(state),
    plots: {
      status: plots?.status ?? 'none',
      done: plots?.done ?? 0,
      total: plots?.total ?? null,
      charts: plotLinks(state, 'study'),
    },
    warnings: [...state.warnings],
    links: jobLinks(state),
  };
}

function jobLinks({ jobId, finalModel }: StudyState): Record<string, string> {
  const path = jobPath(jobId);
  return {
    status: `${path}/status`,
    trials: `${path}/trials`,
    log: `${path}/log`,
    importance: `${path}/importance`,
    findings: `${path}/findings`,
    bestModel: `${path}/best-model`,
    ...(finalModel?.status === 'completed' && { model: `/api/download/${jobId}` }),
  };
}

export function finalModelView({ finalModel }: StudyState): z.input<typeof finalModelSchema> | null {
  if (!finalModel) return null;
  const { trial, status, epochs, result, failure } = finalModel;
  return {
    trial,
    status,
    epochs,
    result,
    failure: failure && { code: failure.code, message: failure.message },
  };
}

export function trialDetailView(state: StudyState, trial: TrialState): z.input<typeof trialDetailSchema> {
  const path = `${jobPath(state.jobId)}/trials/${trial.number}`;
  const hasMetrics = trial.artifacts.some(({ kind }) => kind === 'metrics');
  return {
    ...trialDetail(state, trial),
    links: {
      metrics: hasMetrics ? `${path}/metrics` : null,
      plots: plotLinks(state, trial.number),
    },
  };
}

/** The stored charts of a trial or of the study, both formats of a chart together. */
export function plotLinks(state: StudyState, target: PlotTarget): PlotLink[] {
  const job = jobPath(state.jobId);
  const folder = target === 'study' ? `${job}/plots` : `${job}/trials/${target}/plots`;
  const links = new Map<string, PlotLink>();
  for (const { kind: artifactKind } of plotArtifacts(state, target)) {
    const [, kind, format] = PLOT_KIND.exec(artifactKind) ?? [];
    if (kind === undefined) continue;
    const link = links.get(kind) ?? { kind, svg: null, png: null };
    links.set(kind, { ...link, [format as 'svg' | 'png']: `${folder}/${kind}.${format}` });
  }
  return [...links.values()];
}

export const plotArtifacts = (state: StudyState, target: PlotTarget): readonly ArtifactRef[] =>
  state.plots[String(target)]?.artifacts ?? [];
