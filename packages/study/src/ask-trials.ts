/** Parameters for the next trials: those the user enqueued first, then the sampler's. */
import {
  deriveSeed,
  type NewStudyEvent,
  type Params,
  type StudyConfig,
  type StudyState,
} from '@onegin/contracts';
import { createSuggester, samplerOptionsSchema } from '@onegin/search';
import { directionsOf, HistoryView } from './history-view.ts';
import { createStudyPruner } from './judge-trials.ts';

export type Ask = (state: StudyState, numbers: readonly number[]) => NewStudyEvent[];

interface Proposal {
  params: Params;
  source: string;
  warnings: { code: string; message: string }[];
}

/** What is asked depends on seed, number and history only, so a replay asks the same. */
export function createAsk(config: StudyConfig): Ask {
  const { request, space } = config;
  const directions = directionsOf({ config });
  const suggester = createSuggester({
    space,
    directions,
    sampler: samplerOptionsSchema.parse({ name: request.sampler }),
    seed: request.seed,
    budget: request.trials,
  });
  const pruner = createStudyPruner(config);
  const history = new HistoryView({ reports: directions.length === 1 });
  return (state, numbers) => {
    const trials = [...history.sync(state)];
    return numbers.flatMap((number) => {
      const { params, source, warnings } = propose(number);
      // The next number is asked knowing that this one is under way.
      trials.push({ number, params, state: 'running', values: null, reports: [] });
      const untilEpoch = pruner.runsUntil(number, 0);
      return [
        queued(config, { number, params, source, untilEpoch }),
        ...warnings.map((warning) => warn(number, warning)),
      ];

      function propose(n: number): Proposal {
        const enqueued = request.enqueue[n];
        if (enqueued) return { params: enqueued, source: 'enqueued', warnings: [] };
        try {
          return { source: request.sampler, ...suggest(n) };
        } catch (error) {
          const message = `the sampler ${request.sampler} failed, the architecture defaults are used: ${String(error)}`;
          return { params: {}, source: 'defaults', warnings: [{ code: 'sampler-failed', message }] };
        }
      }
      function suggest(n: number) {
        // Pruners that stop trials at rungs say at which rung they can be compared. Their reports are of one
        // objective, so a study of several learns from its values alone.
        const peers = directions.length === 1 ? pruner.peers(n, trials) : trials;
        const suggestion = suggester.suggest(n, peers);
        return { params: suggestion.params, warnings: [...suggestion.warnings] };
      }
    });
  };
}

type Asked = Pick<
  Extract<NewStudyEvent, { type: 'TrialQueued' }>,
  'number' | 'params' | 'source' | 'untilEpoch'
>;

const queued = (config: StudyConfig, asked: Asked): NewStudyEvent => ({
  type: 'TrialQueued',
  ...asked,
  seed: deriveSeed(config.request.seed, asked.number, 'training'),
  resource: config.resource,
});

const warn = (number: number, { code, message }: { code: string; message: string }): NewStudyEvent => ({
  type: 'Warning',
  code: code.toLowerCase().replaceAll('_', '-'),
  message,
  number,
});
