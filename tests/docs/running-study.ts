/** Onegin with a completed study, for the commands of the documents. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../tools/project-root.mjs';
import { Onegin, smallCnn } from '../support/onegin.ts';

const SHORT = {
  dataset: 'mnist-10k',
  mode: 'simple',
  trials: 1,
  epochs: 1,
  seed: 1,
  searchSpace: smallCnn,
} as const;
/** Pages name a job that nobody has; theirs and this one's are taken for the same. */
const EXAMPLE_ID = /\bk3vq8zr2mtwb\b|\bJOB\b/g;

export class RunningStudy {
  readonly #onegin: Onegin;
  readonly jobId: string;
  /** What commands and programs write lies here. */
  readonly folder: string;

  private constructor(onegin: Onegin, jobId: string) {
    this.#onegin = onegin;
    this.jobId = jobId;
    this.folder = mkdtempSync(join(tmpdir(), 'onegin-docs-'));
  }

  static async start(): Promise<RunningStudy> {
    const onegin = await Onegin.start();
    const jobId = await onegin.optimize(SHORT);
    await onegin.ended(jobId, 120_000);
    return new RunningStudy(onegin, jobId);
  }

  async stop(): Promise<void> {
    await this.#onegin.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Points a page's text at this Onegin and makes its studies short. */
  adapt(text: string): string {
    return text
      .replaceAll(
        /https?:\/\/onegin\.example\.org|(?:http:\/\/)?(?:127\.0\.0\.1|localhost):7860/g,
        this.#onegin.stack.address,
      )
      .replaceAll(/(--trials |trials"?: ?)\d+/g, '$11')
      .replaceAll(/(--epochs |epochs"?: ?)\d+/g, '$11');
  }

  /** Runs a page's commands as one script, in a folder of its own, that ends at the first that fails. */
  async shell(text: string): Promise<void> {
    const cwd = mkdtempSync(join(this.folder, 'shell-'));
    const script = await this.#withIds(this.adapt(text), cwd);
    const path = `${join(projectRoot, 'node_modules', '.bin')}${delimiter}${process.env['PATH']}`;
    const env = { ...process.env, PATH: path, ONEGIN_URL: this.#onegin.stack.address };
    try {
      await promisify(execFile)('bash', ['-c', `${PRELUDE}\n${script}`], { cwd, env, timeout: 120_000 });
    } finally {
      await this.#cancelOpenJobs();
    }
  }

  async #withIds(script: string, cwd: string): Promise<string> {
    if (/\bkeys revoke\b/.test(script)) {
      const { id, secret } = await this.#makeKey();
      writeFileSync(join(cwd, 'admin.key'), secret);
      return script.replaceAll(EXAMPLE_ID, id);
    }
    // What has ended cannot be cancelled.
    const cancelled = /\bcancel JOB\b/.test(script)
      ? await this.#onegin.optimize({ ...SHORT, epochs: 100 })
      : '';
    return script.replaceAll('cancel JOB', `cancel ${cancelled}`).replaceAll(EXAMPLE_ID, this.jobId);
  }

  async #makeKey(): Promise<{ id: string; secret: string }> {
    const { id, key } = await this.#onegin.ask<{ id: string; key: string }>('keys', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'docs', scope: 'admin' }),
    });
    return { id, secret: key };
  }

  /** Studies that a page only starts would slow down the next page's. */
  async #cancelOpenJobs(): Promise<void> {
    const { jobs } = await this.#onegin.ask<{ jobs: { jobId: string; status: string }[] }>('jobs');
    const open = jobs.filter(({ status }) => !/^(completed|failed|cancelled)$/.test(status));
    await Promise.all(
      open.map(({ jobId }) =>
        this.#onegin.ask(`jobs/${jobId}/cancel`, { method: 'POST' }).catch(() => undefined),
      ),
    );
  }
}

/** npx would look for what is on the path already; a curl that is refused is to fail. */
const PRELUDE = 'set -euo pipefail\nnpx() { "$@"; }\ncurl() { command curl --fail-with-body "$@"; }';
