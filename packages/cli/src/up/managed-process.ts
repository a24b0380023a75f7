/**
 * A program that is kept running: started again when it ends by itself, with growing pauses, until it is told
 * to stop. It leads a process group of its own: the terminal's Ctrl-C does not reach it before its turn, and
 * what it started ends with it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { eachLine, type LogLine } from './log-lines.ts';
import { killGroup } from './process-group.ts';

export interface ProgramSpec {
  name: string;
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  cwd?: string;
  /** Written to its standard input, which is then closed. */
  input?: string;
  /** Programs of a lower rank are stopped earlier. */
  rank: number;
  /** Between SIGTERM and SIGKILL. */
  graceMs: number;
  /** Longest pause before it is started again. */
  longestPauseMs?: number;
}

/** Is told of every start and end, as the watchdog is. */
export interface ProcessListener {
  started(pid: number, spec: ProgramSpec): void;
  ended(pid: number): void;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** Who ran this long has recovered: the next pause is the first again. */
const RECOVERED_MS = 60_000;
const KEPT_LINES = 20;

export class ManagedProcess {
  readonly spec: ProgramSpec;
  readonly #log: LogLine;
  readonly #listener: ProcessListener;
  readonly #stopping = new AbortController();
  readonly #lastLines: string[] = [];
  #child: ChildProcess | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #exits = 0;
  #running: Promise<void> | undefined;

  constructor(spec: ProgramSpec, log: LogLine, listener: ProcessListener) {
    this.spec = spec;
    this.#log = log;
    this.#listener = listener;
  }

  get name(): string {
    return this.spec.name;
  }

  /** Of the running process; undefined between an end and the next start. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** How often it ended without being told to. */
  get unexpectedEnds(): number {
    return this.#exits;
  }

  /** The last lines that it wrote, for messages. */
  get lastLines(): readonly string[] {
    return this.#lastLines;
  }

  start(): void {
    this.#running ??= this.#keepRunning();
  }

  /** SIGTERM, and SIGKILL for the whole group after the grace period. Resolves when no process is left. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const child = this.#child;
    if (child?.pid !== undefined) {
      killGroup(child.pid, 'SIGTERM', { leaderOnly: true });
      const timer = setTimeout(() => {
        this.#log(this.name, `did not end within ${this.spec.graceMs / 1000} s of SIGTERM and is killed`);
        if (child.pid !== undefined) killGroup(child.pid, 'SIGKILL');
      }, this.spec.graceMs);
      await this.#running;
      clearTimeout(timer);
    }
    await this.#running;
  }

  /** Ends it at once. */
  kill(): void {
    this.#stopping.abort();
    if (this.pid !== undefined) killGroup(this.pid, 'SIGKILL');
  }

  async #keepRunning(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const startedAt = Date.now();
      const ending = await this.#runOnce();
      if (signal.aborted) return;
      this.#exits += 1;
      if (Date.now() - startedAt > RECOVERED_MS) this.#pauseMs = FIRST_PAUSE_MS;
      this.#log(this.name, `${ending}; it is started again in ${this.#pauseMs / 1000} s`);
      await sleep(this.#pauseMs, undefined, { signal }).catch(() => undefined);
      this.#pauseMs = Math.min(this.#pauseMs * 2, this.spec.longestPauseMs ?? LONGEST_PAUSE_MS);
    }
  }

  /** Resolves when the process and its group are gone, saying how it ended. */
  async #runOnce(): Promise<string> {
    const { command, args, env, cwd, input } = this.spec;
    const child = spawn(command, args, { env, cwd, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(`cannot be started: ${error.message}`));
      child.once('close', (code, by) => resolve(by ? `ended by ${by}` : `ended with status ${code}`));
    });
    // A program that ends before it has read its input is judged by how it ends.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    for (const stream of [child.stdout, child.stderr]) eachLine(stream, (line) => this.#take(line));
    if (child.pid !== undefined) this.#listener.started(child.pid, this.spec);
    child.once('exit', () => {
      // Nothing that it started may outlive it: it would hold ports, locks and memory.
      if (child.pid !== undefined) killGroup(child.pid, 'SIGKILL');
    });
    const how = await ended;
    if (child.pid !== undefined) this.#listener.ended(child.pid);
    this.#child = undefined;
    return how;
  }

  #take(line: string): void {
    this.#lastLines.push(line);
    if (this.#lastLines.length > KEPT_LINES) this.#lastLines.shift();
    this.#log(this.name, line);
  }
}
