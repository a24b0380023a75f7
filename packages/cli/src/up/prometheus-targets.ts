/** Tells a Prometheus on this machine where the services of a stack answer, in the form of its file_sd_configs. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceSpec } from './services.ts';

/** Read by monitoring/prometheus.yml. */
export const TARGETS_FILE = 'prometheus-targets.json';

export async function writeTargets(
  folder: string,
  services: readonly Pick<ServiceSpec, 'name' | 'readyUrl'>[],
): Promise<void> {
  const groups = services.map(({ name, readyUrl }) => ({
    targets: [new URL(readyUrl).host],
    labels: { program: name },
  }));
  await writeFile(join(folder, TARGETS_FILE), `${JSON.stringify(groups, null, 2)}\n`);
}
