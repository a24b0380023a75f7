/** How a job that is watched shows: redrawn on a terminal, as lines elsewhere, as NDJSON for programs. */
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
  if (json) return jsonReporter(output);
  // A terminal that does not know its size cannot be drawn on.
  return output.stdout.isTTY && output.stdout.rows > 0 ? new ScreenReporter(output) : lineReporter(output);
}

/** One JSON object a line: `accepted`, every event as the log has it (or a `snapshot`), at last `ended`. */
function jsonReporter({ stdout }: Output): Reporter {
  const write = (value: unknown): void => void stdout.write(`${JSON.stringify(value)}\n`);
  return {
    accepted: (job) => write({ type: 'accepted', ...job }),
    events: (events) => events.forEach((event) => write(event)),
    snapshot: (state) => write({ type: 'snapshot', state }),
    // Nothing is held back.
    stop: () => undefined,
    ended: (state) => write({ type: 'ended', job: jobSummary(state) }),
  };
}

function lineReporter({ stdout, stderr }: Output): Reporter {
  let lost = false;
  const write = (text: string | null): void => void (text && stdout.write(`${text}\n`));
  return {
    accepted: ({ jobId, runName }) => write(`job ${jobId} (${runName})`),
    events: (events, state) => events.forEach((event) => write(eventLine(event, state))),
    snapshot: (state) => write(jobProgress(state).statusMessage),
    connection(state) {
      if (state === 'lost' && !lost) stderr.write('connection lost, trying again\n');
      if (state === 'connected' && lost) stderr.write('connected again\n');
      lost = state === 'lost';
    },
    // Nothing is held back.
    stop: () => undefined,
    ended: (state) => write(outcomeText(state)),
  };
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
