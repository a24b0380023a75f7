/** A whole Onegin for an integration test: real services, real Redis, free ports, a temporary folder. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createArtifactStore, type ArtifactStore } from '@onegin/artifacts';
import {
  eventOfLine,
  type JobStatus,
  type OptimizationRequestInput,
  type StudyEvent,
} from '@onegin/contracts';
import { startStack, type Stack, type StackOptions } from 'onegin/up';

export interface JobAnswer {
  jobId: string;
  runName: string;
  status: JobStatus;
  progress: Record<string, number | string | boolean>;
  bestTrial: { number: number; accuracy: number } | null;
  failure: { code: string; message: string } | null;
}

export class Onegin {
  readonly stack: Stack;
  readonly store: ArtifactStore;
  readonly #folder: string;
  readonly lines: string[];

  private constructor(stack: Stack, store: ArtifactStore, folder: string, lines: string[]) {
    this.stack = stack;
    this.store = store;
    this.#folder = folder;
    this.lines = lines;
  }

  /**
   * @param options.env settings for the services, beside those of the stack
   * @param options.stack other parts than the stack's own, such as a Redis that the test can take away
   * @param options.store where the artifacts are then
   */
  static async start({
    trainers = 1,
    env = {},
    stack: parts = {},
    store: ownStore,
  }: {
    trainers?: number;
    env?: Record<string, string>;
    stack?: Partial<StackOptions>;
    store?: ArtifactStore;
  } = {}): Promise<Onegin> {
    const folder = await mkdtemp(path.join(tmpdir(), 'onegin-stack-'));
    const lines: string[] = [];
    const stack = await startStack({
      port: 0,
      dataDir: folder,
      trainers,
      log: (name, line) => void lines.push(`${name}: ${line}`),
      env: { ...process.env, NODE_OPTIONS: '', ...env },
      ...parts,
    });
    const store = ownStore ?? (await createArtifactStore({ directory: path.join(folder, 'artifacts') }));
    return new Onegin(stack, store, folder, lines);
  }

  async stop(): Promise<void> {
    await this.stack.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async ask<T>(path: string, init?: RequestInit): Promise<T> {
    const response = await fetch(`${this.stack.address}/api/${path}`, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async bytes(path: string): Promise<{ type: string; disposition: string; body: Buffer }> {
    const response = await fetch(`${this.stack.address}/api/${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return {
      type: response.headers.get('content-type') ?? '',
      disposition: response.headers.get('content-disposition') ?? '',
      body: Buffer.from(await response.arrayBuffer()),
    };
  }

  async optimize(request: OptimizationRequestInput): Promise<string> {
    const { jobId } = await this.ask<{ jobId: string }>('optimize', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
    return jobId;
  }

  job(jobId: string): Promise<JobAnswer> {
    return this.ask<JobAnswer>(`jobs/${jobId}`);
  }

  /** The study's log so far. */
  async events(jobId: string): Promise<StudyEvent[]> {
    const { body } = await this.bytes(`jobs/${jobId}/log`);
    const lines = body.toString().split('\n').filter(Boolean);
    return lines.map(eventOfLine);
  }

  /** Waits until the log satisfies a condition; a gateway that is unreachable for a while is waited for. */
  async until(
    jobId: string,
    holds: (events: StudyEvent[]) => boolean,
    withinMs: number,
  ): Promise<StudyEvent[]> {
    let events: StudyEvent[] = [];
    for (const deadline = Date.now() + withinMs; Date.now() < deadline; await delay(100)) {
      events = await this.events(jobId).catch(() => events);
      if (holds(events)) return events;
    }
    throw new Error(
      `not within ${withinMs} ms; the log ends with ${JSON.stringify(events.slice(-3))}\n${this.lines.slice(-30).join('\n')}`,
    );
  }

  ended(jobId: string, withinMs: number): Promise<StudyEvent[]> {
    return this.until(
      jobId,
      (events) => events.some(({ type }) => /^Job(Completed|Failed|Cancelled)$/.test(type)),
      withinMs,
    );
  }

  /** Kills a service; the stack starts it again. */
  kill(name: string, signal: NodeJS.Signals = 'SIGKILL'): void {
    const pid = this.stack.children.get(name)?.pid;
    if (pid === undefined) throw new Error(`expected a running ${name}`);
    process.kill(pid, signal);
  }
}

/** A search space of small networks, so that an epoch takes a second. */
export const smallCnn: OptimizationRequestInput['searchSpace'] = {
  convLayers: { type: 'int', low: 1, high: 2 },
  filters: { type: 'int', low: 4, high: 8 },
  denseUnits: { type: 'int', low: 16, high: 32 },
  batchSize: { type: 'categorical', choices: [128, 256] },
  learningRate: { type: 'float', low: 0.003, high: 0.02, log: true },
};
