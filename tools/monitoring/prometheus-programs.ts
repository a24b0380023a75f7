/** `prometheus` and `promtool`, as the set-up has found or fetched them. */
import { spawnSync } from 'node:child_process';

export interface PrometheusPrograms {
  readonly prometheus: string;
  readonly promtool: string;
}

/** @throws Error when there are none: what needs them fails, it is not skipped. */
export function prometheusPrograms(): PrometheusPrograms {
  const tool = new URL('../install-prometheus.mjs', import.meta.url).pathname;
  const { status, stdout } = spawnSync(process.execPath, [tool, '--find-only'], { encoding: 'utf8' });
  if (status !== 0) throw new Error('there is no Prometheus: `node tools/install-prometheus.mjs` fetches it');
  return JSON.parse(stdout) as PrometheusPrograms;
}
