/** Every route of the API, in the order of its documentation. */
import type { Route } from '../api/route.ts';
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

export const routes: readonly Route[] = [
  ...jobRoutes,
  ...retentionRoutes,
  ...lineRoutes,
  ...analysisRoutes,
  ...trialRoutes,
  ...modelRoutes,
  ...catalogueRoutes,
  ...accessRoutes,
  ...serviceRoutes,
  ...documentationRoutes(() => routes),
];
