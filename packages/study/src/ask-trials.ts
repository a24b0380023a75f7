/** Parameters for the next trials: those the user enqueued first, then the sampler's. */
import { deriveSeed } from '@onegin/contracts';
import type { NewStudyEvent, Params, StudyConfig, StudyState } from '@onegin/contracts';
import { createSuggester, samplerOptionsSchema, type Trial } from '@onegin/search';
import { directionsOf, HistoryView } from './history-view.ts';
import { createStudyPruner } from './judge-trials.ts';

export type Ask = (state: StudyState, numbers: readonly number[]) => NewStudyEvent[];

export interface Proposal {
  /** The trial as the history has it from now on. */
  readonly trial: Trial;
  /** One TrainingQueued, with its warnings. */
  readonly events: NewStudyEvent[];
}

/** How a trial is proposed: as the study says, or by a sampler that answers within milliseconds. */
export type ProposalQuality = 'full' | 'quick';

/**
 * Proposes the trial of a number, knowing the trials so far.
 * @param trials all trials by rising number, outstanding ones included
 */
export type Propose = (number: number, trials: readonly Trial[], quality?: ProposalQuality) => Proposal;

interface Found {
  readonly params: Params;
  readonly source: string;
  readonly warnings: readonly { code: string; message: string }[];
}

/** What is proposed depends on seed, number and history only, so a replay proposes the same. */
export function createPropose(config: StudyConfig): Propose {
  const { request } = config;
  const pruner = createStudyPruner(config);
  const full = suggesterOf(config, request.sampler);
  // The others answer in milliseconds anyway.
  const slow = request.sampler === 'auto' || request.sampler === 'gp';
  const quick = slow ? suggesterOf(config, 'tpe') : full;
  const several = directionsOf({ config }).length > 1;

  function find(number: number, trials: readonly Trial[], quality: ProposalQuality): Found {
    const enqueued = request.enqueue[number];
    if (enqueued) return { params: enqueued, source: 'enqueued', warnings: [] };
    const { source, suggester } = quality === 'quick' ? quick : full;
    try {
      // Pruners that stop trials at rungs say at which rung they can be compared. Their reports are of one
      // objective, so a study of several learns from its values alone.
      const peers = several ? trials : pruner.peers(number, trials);
      return { source, ...suggester.suggest(number, peers) };
    } catch (error) {
      const message = `the sampler ${source} failed, the architecture defaults are used: ${String(error)}`;
      return { params: {}, source: 'defaults', warnings: [{ code: 'sampler-failed', message }] };
    }
  }

  return (number, trials, quality = 'full') => {
    const { params, source, warnings } = find(number, trials, quality);
    return {
      trial: { number, params, state: 'running', values: null, reports: [] },
      events: [
        {
          type: 'TrainingQueued',
          target: number,
          params,
          source,
          untilEpoch: pruner.runsUntil(number, 0),
          seed: deriveSeed(request.seed, number, 'training'),
          resource: config.resource,
        },
        ...warnings.map((warning) => warn(number, warning)),
      ],
    };
  };
}

/** What a study's proposals are made from. */
export const askView = (config: StudyConfig): HistoryView =>
  new HistoryView({
    reports: directionsOf({ config }).length === 1,
    whileRunning: config.request.pruner.name !== 'none',
  });

/** Asks at once, in the caller's thread. */
export function createAsk(config: StudyConfig): Ask {
  const propose = createPropose(config);
  const view = askView(config);
  return (state, numbers) => {
    const trials = [...view.sync(state)];
    return numbers.flatMap((number) => {
      const { trial, events } = propose(number, trials);
      // The next proposal takes into account that this one is pending.
      trials.push(trial);
      return events;
    });
  };
}

function suggesterOf(config: StudyConfig, source: StudyConfig['request']['sampler']) {
  const { request, space } = config;
  const suggester = createSuggester({
    space,
    directions: directionsOf({ config }),
    sampler: samplerOptionsSchema.parse({ name: source }),
    seed: request.seed,
    budget: request.trials,
  });
  return { source, suggester };
}

const warn = (number: number, { code, message }: Found['warnings'][number]): NewStudyEvent => ({
  type: 'Warning',
  code: code.toLowerCase().replaceAll('_', '-'),
  message,
  number,
});
