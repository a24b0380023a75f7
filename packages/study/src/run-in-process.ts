/**
 * A whole study in one process, without Redis: the same decisions, transition checks and reducer as on many
 * machines, one training at a time.
 */
import { acceptEvent, jobEnded, newRecords, reduceStudy, trainingOf } from '@onegin/contracts';
import type {
  ArtifactRef,
  EpochSummary,
  ErrorCode,
  NewStudyEvent,
  StudyConfig,
  StudyEvent,
  StudyState,
  TrainingResult,
  TrialJob,
} from '@onegin/contracts';
import { createAsk, type Ask } from './ask-trials.ts';
import { decide } from './decide.ts';
import type { DecisionContext } from './decision.ts';
import { createJudge } from './judge-trials.ts';
import { createStop } from './search-end.ts';
import { trialJobOf, waitingTrainings } from './trial-job-of.ts';

export type TrainingOutcome =
  | { status: 'completed'; result: TrainingResult; artifacts: ArtifactRef[] }
  /** As far as the task says, at a rung below all epochs. */
  | { status: 'paused' }
  /** Because `onEpoch` or the signal said so. */
  | { status: 'stopped' }
  | { status: 'failed'; code: ErrorCode; message: string };

export interface TrainingHooks {
  /** To be called after every epoch; answers whether training goes on. */
  onEpoch: (summary: EpochSummary) => 'continue' | 'stop';
  signal: AbortSignal;
}

export interface InProcessOptions {
  config: StudyConfig;
  /** Trains what the task says; must not throw for a training that fails. */
  train: (job: TrialJob, hooks: TrainingHooks) => Promise<TrainingOutcome>;
  onEvent?: (event: StudyEvent, state: StudyState) => void;
  /** Aborting cancels the study. */
  signal?: AbortSignal;
  /** What a training of this process is called and runs on. */
  trainer?: { trainer: string; engine: string; device: string };
  now?: () => number;
}

/** Runs until the study has ended and returns its state; a cancelled study is returned, not thrown. */
export async function runInProcess(options: InProcessOptions): Promise<StudyState> {
  const study = new InProcessStudy(options);
  await study.run();
  return study.state;
}

class InProcessStudy {
  readonly #options: InProcessOptions;
  readonly #records = newRecords();
  readonly #context: Omit<DecisionContext, 'now'>;
  readonly #ask: Ask;
  readonly #now: () => number;
  #seq = 0;
  state: StudyState;

  constructor(options: InProcessOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const { config } = options;
    this.#ask = createAsk(config);
    this.#context = {
      capacity: { cpu: 1, gpu: 1 },
      judge: createJudge(config),
      stop: createStop(config),
      plots: false,
    };
    const requested = { type: 'JobRequested', config, seq: ++this.#seq, at: this.#now() } as const;
    acceptEvent(this.#records, requested);
    this.state = reduceStudy(null, requested);
    options.onEvent?.(requested, this.state);
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    for (;;) {
      if (signal?.aborted && !this.state.cancelRequested) this.#append([{ type: 'CancelRequested' }]);
      const { events, wanted } = decide(this.state, { ...this.#context, now: this.#now() });
      this.#append(events);
      this.#append(wanted.length > 0 ? this.#ask(this.state, wanted) : []);
      if (jobEnded(this.state.status)) return;
      const next = waitingTrainings(this.state)[0];
      if (next) await this.#train(trialJobOf(this.state, next), next.notBefore);
      else if (events.length + wanted.length === 0)
        throw new Error('the study neither trains nor ends; this is a defect of decide');
    }
  }

  async #train(job: TrialJob, notBefore: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, notBefore - this.#now())));
    const { target } = job;
    const training = () => trainingOf(this.state, target)!;
    const attempt = training().attempt + 1;
    const where = this.#options.trainer ?? { trainer: 'this process', engine: 'in-process', device: 'cpu' };
    this.#append([{ type: 'TrainingStarted', target, attempt, ...where }]);
    const signal = this.#options.signal ?? new AbortController().signal;
    const outcome = await this.#options.train(job, {
      signal,
      onEpoch: (summary) => {
        this.#append([{ type: 'EpochEnded', target, attempt, summary }]);
        this.#append(this.#context.judge(this.state, 0));
        return signal.aborted || training().status !== 'running' ? 'stop' : 'continue';
      },
    });
    if (outcome.status === 'completed') {
      const { result, artifacts } = outcome;
      this.#append([{ type: 'TrainingCompleted', target, attempt, result, artifacts }]);
    } else if (outcome.status === 'paused' && target !== 'final')
      this.#append([{ type: 'TrainingPaused', target, attempt }]);
    else if (outcome.status === 'failed') {
      const { code, message } = outcome;
      this.#append([
        { type: 'TrainingAttemptFailed', target, attempt, trainer: where.trainer, code, message },
      ]);
    }
  }

  /** Refused events are dropped: an outcome that comes after another is none. */
  #append(events: readonly NewStudyEvent[]): void {
    for (const event of events) {
      if (acceptEvent(this.#records, event)) continue;
      const logged = { ...event, seq: ++this.#seq, at: this.#now() } as StudyEvent;
      this.state = reduceStudy(this.state, logged);
      this.#options.onEvent?.(logged, this.state);
    }
  }
}
