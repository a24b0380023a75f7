/** What is shown of an installation, without the schemas of `site.ts`. */
import type { Site } from './site.ts';

/** Nothing is said. */
export const emptySite: Site = {
  personalPage: null,
  companyPage: null,
  licence: null,
  repository: null,
  tensorboard: null,
};

/**
 * Where a TensorBoard shows one run, or one trial of it, and nothing else.
 * @param tensorboard its address
 */
export function tensorboardAddress(tensorboard: string, runName: string, trial?: number): string {
  const address = new URL(tensorboard);
  const run = runName.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const of = trial === undefined ? '/' : `/trials/trial_${trial}/`;
  address.searchParams.set('runFilter', `^${run}${of}`);
  address.hash = 'timeseries';
  return address.toString();
}
