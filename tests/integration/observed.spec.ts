/** One real study on a real stack, as those see it who run it: metrics, alerts, dashboard, traces. */
import { spawn, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { JobLine } from '@onegin/contracts';
import { metricCatalogue } from '../../tools/monitoring/metric-catalogue.ts';
import { prometheusPrograms } from '../../tools/monitoring/prometheus-programs.ts';
import { Onegin, smallCnn } from '../support/onegin.ts';
import { OtlpReceiver, type ReceivedSpan } from '../support/otlp-receiver.ts';
import { monitoring, Prometheus } from '../support/prometheus.ts';

jest.setTimeout(240_000);

const WITHIN_MS = 200_000;

interface TargetGroup {
  targets: string[];
  labels: { program: string };
}

let receiver: OtlpReceiver;
let onegin: Onegin;
let prometheus: Prometheus;
let jobId: string;

beforeAll(async () => {
  receiver = await OtlpReceiver.start();
  onegin = await Onegin.start({ trainers: 1, env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
  prometheus = await Prometheus.start(targetsFile());
  jobId = await onegin.optimize({
    dataset: 'mnist-10k',
    trials: 2,
    epochs: 2,
    seed: 1,
    searchSpace: smallCnn,
  });
  await onegin.ended(jobId, WITHIN_MS);
});

afterAll(async () => {
  await prometheus?.stop();
  await onegin?.stop();
  await receiver?.close();
});

const targetsFile = () => path.join(onegin.stack.dataDir, 'prometheus-targets.json');

/** Waits until a look at the system finds nothing wrong any more; the last fault fails the test. */
async function untilRight(faults: () => Promise<readonly string[]>): Promise<void> {
  for (const deadline = Date.now() + 60_000; ; await delay(500)) {
    const found = await faults();
    if (found.length === 0) return;
    if (Date.now() > deadline) expect(found).toEqual([]);
  }
}

describe('metrics', () => {
  it('of every service are those that the documentation lists', async () => {
    const groups = JSON.parse(await readFile(targetsFile(), 'utf8')) as TargetGroup[];
    const scraped = new Map<string, Set<string>>();
    for (const { targets, labels } of groups) {
      const component = labels.program.replace(/-\d+$/, '');
      const page = await (await fetch(`http://${targets[0]}/metrics`)).text();
      for (const [, name, type] of page.matchAll(/^# TYPE (onegin_\S+) (\S+)$/gm)) {
        const key = `${name} ${type}`;
        scraped.set(key, (scraped.get(key) ?? new Set()).add(component));
      }
      expect(page).toContain(`component="${component}"`);
      const own = page.split('\n').filter((line) => /^(# \w+ )?onegin_/.test(line));
      const lint = spawnSync(prometheusPrograms().promtool, ['check', 'metrics'], {
        input: `${own.join('\n')}\n`,
        encoding: 'utf8',
      });
      expect([component, lint.status, lint.stdout + lint.stderr]).toEqual([component, 0, '']);
    }
    const found = [...scraped].map(([key, components]) => `${key}: ${[...components].sort().join(', ')}`);
    const listed = metricCatalogue().map(
      ({ name, type, components }) => `${name} ${type}: ${[...components].sort().join(', ')}`,
    );
    expect(found.sort()).toEqual(listed.sort());
    const docs = await readFile(path.join(monitoring, '../docs/monitoring.md'), 'utf8');
    for (const { name } of metricCatalogue()) expect(docs).toContain(`\`${name}\``);
  });

  it('tell what the study was', async () => {
    const value = async (expr: string) => Number((await prometheus.query(expr))[0]?.value[1]);
    await untilRight(async () => {
      const found = {
        completed: await value('sum(onegin_study_events_total{type="TrainingCompleted",kind="trial"})'),
        // The final model is trained for as many epochs again.
        epochs: await value('sum(onegin_epoch_seconds_count)'),
        ended: await value('sum(onegin_study_events_total{type="JobCompleted"})'),
        open: await value('sum(onegin_jobs)'),
        waiting: await value('sum(onegin_queue_entries)'),
        slots: await value('sum(onegin_trainer_slots)'),
        failures: await value('sum(onegin_artifact_errors_total)'),
      };
      const wanted = { completed: 2, epochs: 6, ended: 1, open: 0, waiting: 0, slots: 1, failures: 0 };
      return JSON.stringify(found) === JSON.stringify(wanted) ? [] : [JSON.stringify(found)];
    });
  });
});

describe('Prometheus', () => {
  it('has data for every query of the dashboard', async () => {
    const file = await readFile(path.join(monitoring, 'dashboard.json'), 'utf8');
    const { panels } = JSON.parse(file) as { panels: { title: string; targets?: { expr: string }[] }[] };
    const queries = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
    expect(queries.length).toBeGreaterThan(30);
    await untilRight(async () => {
      const faults: string[] = [];
      for (const { title, expr } of queries) {
        const samples = await prometheus.query(expr.replaceAll('$__rate_interval', '5m'));
        if (samples.length === 0) faults.push(`${title}: no data for ${expr}`);
      }
      return faults;
    });
  });

  it('evaluates every alert, and none fires after a good study', async () => {
    const wanted = (await readFile(path.join(monitoring, 'alerts.yml'), 'utf8')).match(/- alert:/g);
    await untilRight(async () => {
      const rules = await prometheus.rules();
      if (rules.length !== wanted?.length) return [`${rules.length} rules`];
      return rules
        .filter(({ health, state }) => health !== 'ok' || state === 'firing')
        .map(({ name, health, state, lastError }) => `${name}: ${health} ${state} ${lastError ?? ''}`);
    });
  });

  it('notices a service that is gone', async () => {
    onegin.kill('plotter', 'SIGSTOP');
    try {
      await untilRight(async () => {
        const rule = (await prometheus.rules()).find(({ name }) => name === 'OneginServiceDown');
        return rule?.state === 'pending' || rule?.state === 'firing' ? [] : [`it is ${rule?.state}`];
      });
    } finally {
      onegin.kill('plotter', 'SIGCONT');
    }
  });
});

describe('the lines of a job', () => {
  async function logs(...args: string[]): Promise<string[]> {
    const main = path.join(import.meta.dirname, '../../packages/cli/src/main.ts');
    const child = spawn(process.execPath, [main, 'logs', jobId, '--url', onegin.stack.address, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said = await text(child.stdout);
    return said.split('\n').filter(Boolean);
  }

  it('are shown by `onegin logs`, from the request to the trainers', async () => {
    // The job has ended: following it ends too.
    const whole = await logs('--follow');
    const accepted = whole.filter((line) => line.includes('the job is accepted'));
    expect(accepted).toEqual([expect.stringMatching(/gateway .*runName=mnist-10k/)]);
    expect(whole.filter((line) => /trainer .*the attempt has ended/.test(line))).toHaveLength(3);
    expect(whole.some((line) => /orchestrator .*the job has ended/.test(line))).toBe(true);
  });

  it('carry the ids of request, job, trial, trainer and trace', async () => {
    const lines = (await logs('--json')).map((line) => JSON.parse(line) as JobLine);
    const traces = new Set(lines.flatMap(({ fields }) => fields['traceId'] ?? []));
    expect([...traces]).toEqual([receiver.spans[0]?.traceId]);
    expect(lines.filter(({ requestId }) => requestId !== null).map(({ service }) => service)).toEqual([
      'gateway',
    ]);
    const second = (await logs('--json', '--trial', '1')).map((line) => JSON.parse(line) as JobLine);
    expect(second).toEqual(lines.filter(({ trial }) => trial === 1));
    expect(second.some(({ trainer }) => trainer === 'trainer-1')).toBe(true);
  });
});

describe('traces', () => {
  const named = (name: string): ReceivedSpan[] => receiver.spans.filter((span) => span.name === name);

  it('lead from the request through the queues to every epoch, in one trace', async () => {
    await untilRight(async () => {
      const epochs = named('epoch').length;
      return epochs === 6 ? [] : [`${epochs} epochs`];
    });
    const [request, ...others] = named('POST /api/optimize');
    expect(others).toEqual([]);
    expect(request).toMatchObject({ service: 'onegin-gateway' });
    const byId = new Map(receiver.spans.map((span) => [span.spanId, span]));
    const way = (span: ReceivedSpan): string[] => {
      const parent = span.parentSpanId ? byId.get(span.parentSpanId) : undefined;
      return [`${span.service.replace('onegin-', '')}: ${span.name}`, ...(parent ? way(parent) : [])];
    };
    for (const epoch of named('epoch'))
      expect(way(epoch)).toEqual([
        'trainer: epoch',
        'trainer: attempt',
        'trainer: process trials-cpu',
        'orchestrator: add trials-cpu.trials-cpu',
        'orchestrator: decide',
        'gateway: POST /api/optimize',
      ]);
    // Also the charts; and nothing is torn off: timers begin no traces of their own.
    expect(named('process plots').length).toBeGreaterThan(0);
    expect(receiver.spans.filter((span) => span.traceId !== request?.traceId)).toEqual([]);
    const orphans = receiver.spans.filter(({ parentSpanId }) => parentSpanId && !byId.has(parentSpanId));
    expect(orphans.map(({ name }) => name)).toEqual([]);
  });
});
