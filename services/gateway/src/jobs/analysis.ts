/**
 * What a study's completed trials tell about its parameters: importance and findings. Computed once per number of
 * completed trials, in a thread of its own that ends when nobody asks any more.
 */
import { objectiveNames, OneginError, type StudyState } from '@onegin/contracts';
import type { ImportanceMethod, ImportanceRequest, Trial } from '@onegin/search';
import { Peer, PeerOnDemand, startThread, type ResultOf } from '@onegin/service-kit/channel';
import type { AnalysisMethods } from './analysis-worker.ts';

export interface ImportanceQuestion {
  readonly method: ImportanceMethod;
  /** For fANOVA: on which scale volumes of the space are measured. */
  readonly scale?: NonNullable<ImportanceRequest['scale']>;
  readonly objective?: number | 'front';
}

type Importances = ResultOf<AnalysisMethods, 'importances'>;
type Findings = ResultOf<AnalysisMethods, 'findings'>;

const ANSWERS_KEPT = 200;
const IDLE_MS = 30_000;

export class AnalysisThread {
  readonly #answers = new Map<string, Promise<Importances | Findings>>();
  readonly #thread = new PeerOnDemand(() => {
    const module = new URL('./analysis-worker.ts', import.meta.url);
    const options = { name: 'the thread of analyses', code: 'internal', idleMs: IDLE_MS } as const;
    return new Peer<AnalysisMethods>(startThread(module), options);
  });

  /** @throws OneginError `request-invalid` when the method cannot be asked about the objective */
  importances(state: StudyState, question: ImportanceQuestion): Promise<Importances> {
    return this.#once('importances', state, question, () =>
      this.#thread.take().request('importances', workOf(state, question)),
    );
  }

  /** @throws OneginError `request-invalid` for an objective that the study doesn't have */
  findings(state: StudyState, question: { readonly objective?: number }): Promise<Findings> {
    return this.#once('findings', state, question, () =>
      this.#thread.take().request('findings', workOf(state, question)),
    );
  }

  close(): void {
    this.#thread.close(new OneginError('shutting-down', 'the gateway is shutting down'));
  }

  #once<Answer extends Importances | Findings>(
    name: string,
    { jobId, counts }: StudyState,
    question: object,
    compute: () => Promise<Answer>,
  ): Promise<Answer> {
    const key = [name, jobId, counts.completed, JSON.stringify(question)].join(' ');
    const known = this.#answers.get(key);
    // The name is part of the key, so what lies there is an answer to this kind of question.
    if (known) return known as Promise<Answer>;
    const answer = compute();
    this.#answers.set(key, answer);
    answer.catch(() => this.#answers.delete(key));
    const oldest = this.#answers.keys().next();
    if (this.#answers.size > ANSWERS_KEPT && !oldest.done) this.#answers.delete(oldest.value);
    return answer;
  }
}

const workOf = <Question extends object>({ trials, config }: StudyState, question: Question) => ({
  history: trials.filter(({ status }) => status === 'completed').map(asHistory),
  request: {
    space: config.space,
    directions: objectiveNames(config.objective.mode).map(({ direction }) => direction),
    ...question,
  },
});

const asHistory = ({ number, params, values }: StudyState['trials'][number]): Trial => ({
  number,
  params,
  values,
  state: 'completed',
  reports: [],
});
