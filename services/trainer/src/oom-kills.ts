/**
 * The kernel's own count of processes that it ended for lack of memory, in the control group of a process: what
 * tells such an end from any other SIGKILL. Linux only, with version 1 or 2 of control groups.
 */
import { readFileSync } from 'node:fs';

const ROOT = '/sys/fs/cgroup';

/** Files that may hold the count, the process's own group first; a container sees its own group as the root. */
function candidates(pid: number): string[] {
  const lines = readFileSync(`/proc/${pid}/cgroup`, 'utf8').trim().split('\n');
  const files: string[] = [];
  for (const line of lines) {
    const [, controllers = '', path = '/'] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === '') files.push(`${ROOT}${path}/memory.events`, `${ROOT}/memory.events`);
    if (controllers.split(',').includes('memory'))
      files.push(`${ROOT}/memory${path}/memory.oom_control`, `${ROOT}/memory/memory.oom_control`);
  }
  return files;
}

function countIn(file: string): number | null {
  try {
    const found = /^oom_kill (\d+)$/m.exec(readFileSync(file, 'utf8'));
    return found ? Number(found[1]) : null;
  } catch {
    return null;
  }
}

/** Watches the count from its making on. */
export class OomKills {
  readonly #file: string | null;
  readonly #before: number;

  /** @param pid of a process that lives; its group is remembered beyond its end */
  constructor(pid: number | undefined) {
    const file = pid === undefined ? undefined : readable(pid);
    this.#file = file ?? null;
    this.#before = file === undefined ? 0 : (countIn(file) ?? 0);
  }

  /** Whether the kernel has ended a process of the group since; null where it doesn't say. */
  get happened(): boolean | null {
    if (this.#file === null) return null;
    const now = countIn(this.#file);
    return now === null ? null : now > this.#before;
  }
}

function readable(pid: number): string | undefined {
  try {
    return candidates(pid).find((file) => countIn(file) !== null);
  } catch {
    return undefined;
  }
}
