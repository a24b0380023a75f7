/** What the trials reveal about the parameters. */
import { z } from 'zod';
import { findingsSchema, importanceSchema } from '../api/analysis-schemas.ts';
import { routesWith } from '../api/route.ts';
import type { AnalysisThread } from '../jobs/analysis.ts';
import type { Studies } from '../jobs/studies.ts';
import { jobParams, oneOf, wholeNumber } from './parameters.ts';

interface AnalysisRouteDeps {
  readonly studies: Pick<Studies, 'state'>;
  readonly analysis: Pick<AnalysisThread, 'importances' | 'findings'>;
}

const route = routesWith<AnalysisRouteDeps>();

const getImportance = route({
  method: 'get',
  path: '/api/jobs/{jobId}/importance',
  operation: 'getImportance',
  tag: 'Jobs',
  summary: 'How much each parameter has mattered so far',
  access: 'read',
  params: jobParams,
  query: z.strictObject({
    method: oneOf('ped-anova', 'fanova')
      .default('ped-anova')
      .describe('What made the best tenth differ, or what explains the variance over the whole space.'),
    scale: oneOf('linear', 'searched')
      .optional()
      .describe(
        'What fANOVA counts as the space: values as they are (default), or the logarithm where the search takes it.',
      ),
    objective: z
      .union([z.literal('front'), wholeNumber(0, 2)])
      .optional()
      .describe('Which objective, from 0; in pareto mode also `front`.'),
  }),
  answer: { status: 200, description: 'Shares, or why there are none.', schema: importanceSchema },
  problems: ['job-unknown'],
  async handle({ params: { jobId }, query: { method, scale, objective } }, { studies, analysis }) {
    const state = await studies.state(jobId);
    const answer = await analysis.importances(state, {
      method,
      ...(scale && { scale }),
      ...(objective !== undefined && { objective }),
    });
    if (!answer.available) return { body: { jobId, ...answer } };
    return { body: { jobId, ...answer, shares: { ...answer.shares } } };
  },
});

const getFindings = route({
  method: 'get',
  path: '/api/jobs/{jobId}/findings',
  operation: 'getFindings',
  tag: 'Jobs',
  summary: 'Where each parameter was good, where it was bad, and how much difference that made',
  access: 'read',
  params: jobParams,
  query: z.strictObject({
    objective: wholeNumber(0, 2).optional().describe('Which objective, from 0; default the first.'),
  }),
  answer: { status: 200, description: 'Findings, or why there are none.', schema: findingsSchema },
  problems: ['job-unknown'],
  async handle({ params: { jobId }, query: { objective } }, { studies, analysis }) {
    const state = await studies.state(jobId);
    const answer = await analysis.findings(state, objective === undefined ? {} : { objective });
    return { body: { jobId, ...answer } };
  },
});

export const analysisRoutes = [getImportance, getFindings];
