/**
 * A small process that outlives the supervisor: when the supervisor is gone without having stopped its
 * programs, because it was killed or ran out of memory, the watchdog stops them in the same order.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ProcessListener, ProgramSpec } from './managed-process.ts';

/** Lines that the supervisor writes to the watchdog. */
export type WatchdogMessage =
  { started: number; name: string; rank: number; graceMs: number } | { ended: number } | { done: true };

export class Watchdog implements ProcessListener {
  readonly #child: ChildProcess;

  /** @param lockFile is removed when the work is done. */
  constructor(lockFile: string) {
    // Of its own session: the signals that end the supervisor do not reach it.
    this.#child = spawn(process.execPath, [join(import.meta.dirname, 'watchdog-main.ts'), lockFile], {
      detached: true,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    this.#child.stdin?.on('error', () => undefined);
    this.#child.unref();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  started(pid: number, { name, rank, graceMs }: ProgramSpec): void {
    this.#tell({ started: pid, name, rank, graceMs });
  }

  ended(pid: number): void {
    this.#tell({ ended: pid });
  }

  /** All programs are stopped: it ends too. */
  async dismiss(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    // Nothing else may be left that keeps this process; its end is waited for all the same.
    this.#child.ref();
    const ended = once(this.#child, 'exit');
    this.#child.stdin?.end(`${JSON.stringify({ done: true } satisfies WatchdogMessage)}\n`);
    await ended;
  }

  #tell(message: WatchdogMessage): void {
    this.#child.stdin?.write(`${JSON.stringify(message)}\n`);
  }
}
