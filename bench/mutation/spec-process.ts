/** A worker process that can be killed and restarted: mutants loop for ever, and Jest does not free all memory. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { SpecOutcome, SpecRun } from './worker-main.ts';

const program = fileURLToPath(new URL('worker-main.ts', import.meta.url));
const RUNS_PER_PROCESS = 150;

export class SpecProcess {
  #child: ChildProcess | null = null;
  #runs = 0;

  /** @returns null when the spec did not end within the time, or took the process down */
  async run(run: SpecRun, limitMs: number): Promise<SpecOutcome | null> {
    if (this.#runs++ >= RUNS_PER_PROCESS) this.close();
    this.#child ??= await this.#started();
    const child = this.#child;
    const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
    child.send(run);
    const outcome = (await next(child)) as SpecOutcome | null;
    clearTimeout(limit);
    if (outcome === null) this.close();
    return outcome;
  }

  async #started(): Promise<ChildProcess> {
    this.#runs = 0;
    const child = fork(program, {
      execArgv: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.on('error', () => undefined);
    if ((await next(child)) === null)
      throw new Error('expected a worker that is ready, found one that ended');
    return child;
  }

  close(): void {
    this.#child?.kill('SIGKILL');
    this.#child = null;
  }
}

/** What the process says next; null: it ended. */
async function next(child: ChildProcess): Promise<unknown> {
  const heard = new AbortController();
  const options = { signal: heard.signal };
  return Promise.race([
    once(child, 'message', options).then(([message]) => message as unknown),
    once(child, 'exit', options).then(() => null),
  ]).finally(() => heard.abort());
}
