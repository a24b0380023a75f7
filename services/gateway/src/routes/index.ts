/** Every route of the API by group, in the order of its documentation. */
import type { RouteInfo } from '../api/route.ts';
import { accessRoutes } from './access-routes.ts';
import { analysisRoutes } from './analysis-routes.ts';
import { catalogueRoutes } from './catalogue-routes.ts';
import { documentationRoutes } from './documentation-routes.ts';
import { jobRoutes } from './job-routes.ts';
import { lineRoutes } from './line-routes.ts';
import { modelRoutes } from './model-routes.ts';
import { retentionRoutes } from './retention-routes.ts';
import { serviceRoutes } from './service-routes.ts';
import { trialRoutes } from './trial-routes.ts';

export const routeGroups = {
  jobs: jobRoutes,
  retention: retentionRoutes,
  lines: lineRoutes,
  analysis: analysisRoutes,
  trials: trialRoutes,
  models: modelRoutes,
  catalogue: catalogueRoutes,
  access: accessRoutes,
  service: serviceRoutes,
  documentation: documentationRoutes(() => routes),
};

export const routes: readonly RouteInfo[] = Object.values(routeGroups).flat();
