/** How a job that is watched shows: drawn anew on a terminal, as lines elsewhere, as NDJSON for programs. */
import { createLogUpdate } from 'log-update';
import { jobProgress, jobSummary } from '@onegin/contracts';
import type { BatchProgress, StudyEvent, StudyState } from '@onegin/contracts';
import type { FollowListener } from '../client/job-follower.ts';
import { eventLine, outcomeText } from './event-line.ts';
import { screen } from './screen.ts';

export interface Output {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

export interface Reporter extends FollowListener {
  /** The job was accepted: told before anything is known of it. */
  accepted(job: { jobId: string; runName: string }): void;
  /** Leaves the terminal as it should be, with nothing more to say. */
  stop(): void;
  ended(state: StudyState): void;
}

export function makeReporter(output: Output, json: boolean): Reporter {
  if (json) return new JsonReporter(output);
  // A terminal that does not know its size cannot be drawn on.
  return output.stdout.isTTY && output.stdout.rows > 0
    ? new ScreenReporter(output)
    : new LineReporter(output);
}

/** One JSON object a line: `accepted`, every event as the log has it (or a `snapshot`), at last `ended`. */
class JsonReporter implements Reporter {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  accepted(job: { jobId: string; runName: string }): void {
    this.#write({ type: 'accepted', ...job });
  }

  events(events: readonly StudyEvent[]): void {
    for (const event of events) this.#write(event);
  }

  snapshot(state: StudyState): void {
    this.#write({ type: 'snapshot', state });
  }

  stop(): void {
    // Nothing is held back.
  }

  ended(state: StudyState): void {
    this.#write({ type: 'ended', job: jobSummary(state) });
  }

  #write(value: unknown): void {
    this.#output.stdout.write(`${JSON.stringify(value)}\n`);
  }
}

class LineReporter implements Reporter {
  readonly #output: Output;
  #lost = false;

  constructor(output: Output) {
    this.#output = output;
  }

  accepted({ jobId, runName }: { jobId: string; runName: string }): void {
    this.#line(`job ${jobId} (${runName})`);
  }

  events(events: readonly StudyEvent[], state: StudyState): void {
    for (const event of events) {
      const line = eventLine(event, state);
      if (line !== null) this.#line(line);
    }
  }

  snapshot(state: StudyState): void {
    this.#line(jobProgress(state).statusMessage);
  }

  connection(state: 'connected' | 'lost'): void {
    if (state === 'lost' && !this.#lost) this.#output.stderr.write('connection lost, trying again\n');
    if (state === 'connected' && this.#lost) this.#output.stderr.write('connected again\n');
    this.#lost = state === 'lost';
  }

  stop(): void {
    // Nothing is held back.
  }

  ended(state: StudyState): void {
    this.#line(outcomeText(state));
  }

  #line(text: string): void {
    if (text !== '') this.#output.stdout.write(`${text}\n`);
  }
}

/** Times a second that the screen is drawn again at most; the clock on it moves once a second. */
const FRAME_MS = 100;

class ScreenReporter implements Reporter {
  readonly #output: Output;
  readonly #draw: (text: string) => void;
  readonly #keep: () => void;
  readonly #progressByTarget = new Map<string, BatchProgress>();
  #state: StudyState | null = null;
  #connected = true;
  #frame: NodeJS.Timeout | null = null;
  readonly #clock: NodeJS.Timeout;

  constructor(output: Output) {
    this.#output = output;
    const update = createLogUpdate(output.stdout);
    this.#draw = update;
    this.#keep = () => update.done();
    this.#clock = setInterval(() => this.#drawSoon(), 1000);
    this.#clock.unref();
  }

  accepted({ jobId, runName }: { jobId: string; runName: string }): void {
    this.#output.stdout.write(`Job ${jobId} (${runName})\n`);
  }

  events(_events: readonly StudyEvent[], state: StudyState): void {
    this.snapshot(state);
  }

  snapshot(state: StudyState): void {
    this.#state = state;
    this.#drawSoon();
  }

  progress(progress: readonly BatchProgress[]): void {
    for (const item of progress) this.#progressByTarget.set(String(item.target), item);
    this.#drawSoon();
  }

  connection(state: 'connected' | 'lost'): void {
    this.#connected = state === 'connected';
    this.#drawSoon();
  }

  stop(): void {
    this.#drawNow();
    clearInterval(this.#clock);
    this.#keep();
  }

  ended(state: StudyState): void {
    this.#state = state;
    this.stop();
    this.#output.stdout.write(`${outcomeText(state)}\n`);
  }

  #drawSoon(): void {
    this.#frame ??= setTimeout(() => this.#drawNow(), FRAME_MS);
  }

  #drawNow(): void {
    if (this.#frame) clearTimeout(this.#frame);
    this.#frame = null;
    const state = this.#state;
    if (!state) return;
    const columns = this.#output.stdout.columns || 80;
    const progress = this.#progressByTarget;
    this.#draw(screen({ state, progress, connected: this.#connected, now: Date.now(), columns }));
  }
}
