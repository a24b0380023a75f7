/**
 * What a study's completed trials tell about its parameters: importance and findings. Computed once per number of
 * completed trials, in a thread of its own that ends when nobody asks any more.
 */
import { Worker } from 'node:worker_threads';
import { objectiveNames, OneginError, type StudyState } from '@onegin/contracts';
import type { ImportanceMethod, ImportanceRequest, Trial } from '@onegin/search';
import type { Analyses, AnalysisName, AnalysisReply, AnalysisWork } from './analysis-worker.ts';

export interface ImportanceQuestion {
  readonly method: ImportanceMethod;
  /** For fANOVA: on which scale volumes of the space are measured. */
  readonly scale?: NonNullable<ImportanceRequest['scale']>;
  readonly objective?: number | 'front';
}

type Result<Name extends AnalysisName> = Analyses[Name]['result'];
type Question<Name extends AnalysisName> = Omit<Analyses[Name]['request'], 'space' | 'directions'>;

const ANSWERS_KEPT = 200;
const IDLE_MS = 30_000;

interface Waiting {
  resolve(answer: Result<AnalysisName>): void;
  reject(error: unknown): void;
}

export class AnalysisThread {
  private worker: Worker | null = null;
  private idle: NodeJS.Timeout | null = null;
  private lastId = 0;
  private readonly waiting = new Map<number, Waiting>();
  private readonly answers = new Map<string, Promise<Result<AnalysisName>>>();

  /** @throws OneginError `request-invalid` when the method cannot be asked about the objective */
  importances(state: StudyState, question: ImportanceQuestion): Promise<Result<'importances'>> {
    return this.of('importances', state, question);
  }

  /** @throws OneginError `request-invalid` for an objective that the study doesn't have */
  findings(state: StudyState, question: { readonly objective?: number }): Promise<Result<'findings'>> {
    return this.of('findings', state, question);
  }

  private of<Name extends AnalysisName>(
    name: Name,
    state: StudyState,
    question: Question<Name>,
  ): Promise<Result<Name>> {
    const { jobId, counts } = state;
    const key = [name, jobId, counts.completed, JSON.stringify(question)].join(' ');
    const known = this.answers.get(key);
    // The name is part of the key, so what lies there is an answer to this kind of question.
    if (known) return known as Promise<Result<Name>>;
    const answer = this.compute(name, state, question) as Promise<Result<Name>>;
    this.answers.set(key, answer);
    answer.catch(() => this.answers.delete(key));
    const oldest = this.answers.keys().next();
    if (this.answers.size > ANSWERS_KEPT && !oldest.done) this.answers.delete(oldest.value);
    return answer;
  }

  close(): void {
    if (this.idle) clearTimeout(this.idle);
    this.end(new OneginError('shutting-down', 'the gateway is shutting down'));
  }

  private compute<Name extends AnalysisName>(
    name: Name,
    { trials, config }: StudyState,
    question: Question<Name>,
  ): Promise<Result<AnalysisName>> {
    const id = ++this.lastId;
    const work: AnalysisWork<Name> = {
      id,
      name,
      history: trials.filter(({ status }) => status === 'completed').map(asHistory),
      request: {
        space: config.space,
        directions: objectiveNames(config.objective.mode).map(({ direction }) => direction),
        ...question,
      },
    };
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.running().postMessage(work);
    });
  }

  private running(): Worker {
    if (this.idle) clearTimeout(this.idle);
    this.idle = null;
    if (this.worker) return this.worker;
    const worker = new Worker(new URL('./analysis-worker.ts', import.meta.url));
    worker.on('message', (reply: AnalysisReply) => this.settle(reply));
    worker.on('error', (error) => this.end(error));
    worker.on('exit', () => this.end(new Error('the thread of analyses ended')));
    this.worker = worker;
    return worker;
  }

  private settle(reply: AnalysisReply): void {
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if ('result' in reply) waiting?.resolve(reply.result);
    else if ('refused' in reply) waiting?.reject(refusal(reply.refused));
    else waiting?.reject(new Error(reply.failed));
    if (this.waiting.size > 0) return;
    this.idle = setTimeout(() => this.end(null), IDLE_MS);
    this.idle.unref();
  }

  private end(error: unknown): void {
    const { worker } = this;
    this.worker = null;
    worker?.removeAllListeners();
    void worker?.terminate();
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

const asHistory = ({ number, params, values }: StudyState['trials'][number]): Trial => ({
  number,
  params,
  values,
  state: 'completed',
  reports: [],
});

function refusal({ field, message }: { field: string; message: string }): OneginError {
  const [, expected, found] = /(expected .*), found (.*?)\.?$/.exec(message) ?? ['', message, ''];
  return new OneginError('request-invalid', message, {
    problems: [{ field, expected: expected!, found: found! }],
  });
}
