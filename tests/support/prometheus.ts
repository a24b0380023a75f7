/** A real Prometheus that scrapes a stack by the configuration of monitoring/, every second. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@onegin/service-kit/testing';
import { prometheusPrograms } from '../../tools/monitoring/prometheus-programs.ts';

export const monitoring = path.join(import.meta.dirname, '../../monitoring');

export interface Sample {
  metric: Record<string, string>;
  value: [number, string];
}
export interface Rule {
  name: string;
  health: string;
  state: string;
  lastError?: string;
}

const STARTS_WITHIN_MS = 30_000;

export class Prometheus {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #url: string;

  private constructor(child: ChildProcess, folder: string, url: string) {
    this.#child = child;
    this.#folder = folder;
    this.#url = url;
  }

  /** @param targets the file that a stack writes into its data folder */
  static async start(targets: string): Promise<Prometheus> {
    const folder = await mkdtemp(path.join(tmpdir(), 'onegin-prometheus-'));
    const config = await readFile(path.join(monitoring, 'prometheus.yml'), 'utf8');
    const own = config
      .replace('../data/prometheus-targets.json', targets)
      .replace('alerts.yml', path.join(monitoring, 'alerts.yml'))
      .replaceAll(/(_interval): 15s/g, '$1: 1s');
    await writeFile(path.join(folder, 'prometheus.yml'), own);
    const port = await freePort();
    const child = spawn(
      prometheusPrograms().prometheus,
      [
        `--config.file=${path.join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${path.join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));
    const prometheus = new Prometheus(child, folder, `http://127.0.0.1:${port}`);
    for (const deadline = Date.now() + STARTS_WITHIN_MS; !(await prometheus.#isReady()); await delay(100))
      if (child.exitCode !== null || Date.now() > deadline) {
        await prometheus.stop();
        throw new Error(`Prometheus does not start:\n${said}`);
      }
    return prometheus;
  }

  async query(expr: string): Promise<Sample[]> {
    const { result } = await this.#ask<{ result: Sample[] }>(
      `query?${new URLSearchParams({ query: expr }).toString()}`,
    );
    return result;
  }

  async rules(): Promise<Rule[]> {
    const { groups } = await this.#ask<{ groups: { rules: Rule[] }[] }>('rules');
    return groups.flatMap(({ rules }) => rules);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exited = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await exited;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #isReady(): Promise<boolean> {
    const response = await fetch(`${this.#url}/-/ready`).catch(() => undefined);
    await response?.arrayBuffer();
    return response?.ok ?? false;
  }

  async #ask<Data>(path: string): Promise<Data> {
    const response = await fetch(`${this.#url}/api/v1/${path}`);
    const answer = (await response.json()) as { status: string; data: Data; error?: string };
    if (answer.status !== 'success') throw new Error(`${path}: ${answer.error ?? answer.status}`);
    return answer.data;
  }
}
