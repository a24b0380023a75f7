/** A drawing process, seen from the plotter: answers one message at a time, and is killed when it takes too long. */
import { fork, type ChildProcess } from 'node:child_process';
import { OneginError } from '@onegin/contracts';
import type { DrawingSource, DrawnChart, FromDrawing, ToDrawing } from './drawing-messages.ts';

const STDERR_KEPT = 2000;

export class DrawingChild {
  readonly #process: ChildProcess;
  /** Charts drawn so far. */
  drawn = 0;
  /** Resident memory after the last chart. */
  memoryBytes = 0;
  #stderr = '';
  #ended: string | null = null;
  #asked = 0;
  #waiting: { resolve: (message: FromDrawing) => void; reject: (error: Error) => void } | null = null;

  constructor() {
    this.#process = fork(new URL('./drawing-process.ts', import.meta.url), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#process.stderr!.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-STDERR_KEPT);
    });
    this.#process.on('message', (message) => this.#take()?.resolve(message as FromDrawing));
    // A process that cannot be started emits no exit.
    this.#process.on('error', (error) => this.#end(error.message));
    this.#process.on('exit', (code, signal) => this.#end(signal ?? `exit code ${code}`));
  }

  get alive(): boolean {
    return this.#ended === null;
  }

  /** What it works on now, by a number of its own; null: on nothing. */
  get task(): number | null {
    return this.#waiting && this.#asked;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Gives it what to draw from and learns which charts that makes. @throws OneginError */
  async load(source: DrawingSource, theme: string, timeoutMs: number): Promise<string[]> {
    const answer = await this.#ask({ type: 'load', source, theme }, timeoutMs);
    if (answer.type !== 'loaded') throw unexpected(answer);
    return answer.charts;
  }

  /** @throws OneginError `plots-failed`: the chart can't be drawn, took too long, or killed the process */
  async draw(chart: string, timeoutMs: number): Promise<DrawnChart> {
    const answer = await this.#ask({ type: 'draw', chart }, timeoutMs);
    if (answer.type !== 'drawn') throw unexpected(answer);
    this.drawn++;
    this.memoryBytes = answer.memoryBytes;
    return answer.drawn;
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  async #ask(message: ToDrawing, timeoutMs: number): Promise<FromDrawing> {
    if (this.#ended !== null) throw new OneginError('plots-failed', this.#deathNotice());
    const timer = setTimeout(() => {
      this.#stderr = `nothing came of it within ${timeoutMs / 1000} s`;
      this.kill();
    }, timeoutMs);
    try {
      return await new Promise<FromDrawing>((resolve, reject) => {
        this.#asked++;
        this.#waiting = { resolve, reject };
        this.#process.send(message, (error) => {
          if (error) this.#take()?.reject(error);
        });
      });
    } finally {
      clearTimeout(timer);
    }
  }

  #take() {
    const waiting = this.#waiting;
    this.#waiting = null;
    return waiting;
  }

  #end(how: string): void {
    this.#ended ??= how;
    this.#take()?.reject(new OneginError('plots-failed', this.#deathNotice()));
  }

  #deathNotice(): string {
    const said = this.#stderr.trim();
    return `the drawing process ended (${this.#ended})${said ? `: ${said}` : ''}`;
  }
}

const unexpected = (answer: FromDrawing): OneginError =>
  answer.type === 'failed'
    ? new OneginError(answer.failure.code, answer.failure.message)
    : new OneginError('internal', `the drawing process answered ${answer.type} to another question`);
