import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { metricCatalogue } from './monitoring/metric-catalogue.ts';
import { prometheusPrograms } from './monitoring/prometheus-programs.ts';

const root = join(import.meta.dirname, '..');
const monitoring = join(root, 'monitoring');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

function promtool(...args: string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(prometheusPrograms().promtool, args, {
    cwd: monitoring,
    encoding: 'utf8',
  });
  return { status, said: stdout + stderr };
}

const alerts = [...read('monitoring/alerts.yml').matchAll(/- alert: (\w+)/g)].map(([, name]) => name ?? '');

describe('monitoring', () => {
  it('has a dashboard and a table of metrics that are what the code says', () => {
    const script = join(import.meta.dirname, 'write-monitoring.ts');
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('has alerts and a configuration that promtool finds right', () => {
    expect(promtool('check', 'rules', 'alerts.yml')).toMatchObject({ status: 0 });
    expect(promtool('check', 'config', 'prometheus.yml')).toMatchObject({ status: 0 });
  });

  it('has alerts that fire when they should, and not otherwise', () => {
    const { status, said } = promtool('test', 'rules', 'alerts.test.yml');
    expect([status, said]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });

  it('has a test and an explanation of every alert', () => {
    const tests = read('monitoring/alerts.test.yml');
    const docs = read('docs/monitoring.md');
    expect(alerts.length).toBeGreaterThan(15);
    expect(new Set(alerts).size).toBe(alerts.length);
    for (const alert of alerts) {
      // Once as firing.
      expect(tests).toMatch(new RegExp(`alertname: ${alert}\\n\\s+exp_alerts:`));
      expect(docs).toContain(`### ${alert}\n`);
    }
  });

  it('asks in alerts and dashboard for metrics that exist', () => {
    const known = new Set(
      metricCatalogue().flatMap(({ name, type }) =>
        type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
      ),
    );
    const asked = `${read('monitoring/alerts.yml')} ${read('monitoring/dashboard.json')}`.match(
      /\bonegin_\w+/g,
    );
    expect([...new Set(asked)].filter((name) => !known.has(name))).toEqual([]);
  });
});
