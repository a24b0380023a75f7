/** Running helm on the project's chart. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../project-root.mjs';

export const CHART = join(projectRoot, 'helm', 'onegin');

export interface RenderOptions {
  readonly values?: readonly string[];
  readonly release?: string;
  readonly namespace?: string;
  /** Groups that the cluster is said to have, such as keda.sh/v1alpha1. */
  readonly apiVersions?: readonly string[];
  readonly more?: readonly string[];
}

/** @returns the manifests @throws Error with what helm says */
export function render(helm: string, options: RenderOptions = {}): string {
  const { values = [], release = 'onegin', namespace = 'onegin', apiVersions = [], more = [] } = options;
  const args = ['template', release, CHART, '--namespace', namespace, ...more];
  for (const file of values) args.push('--values', file);
  for (const version of apiVersions) args.push('--api-versions', version);
  return run(helm, args);
}

/** @returns its output @throws Error with what the program says */
export function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): string {
  const result = spawnSync(command, args, { encoding: 'utf8', env, maxBuffer: 64 * 1024 * 1024 });
  if (result.status !== 0)
    throw new Error(
      `${args.slice(0, 2).join(' ')}: ${result.stderr || result.error?.message || result.stdout}`,
    );
  return result.stdout;
}
