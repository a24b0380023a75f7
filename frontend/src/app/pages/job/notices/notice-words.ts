/** What keeps a study from going on as it should, in plain words: what is, what is safe, what can be done. Pure. */
import { plural } from '@onegin/charts/format';
import { jobEnded, type StudyState, type StudyWarning, type TrainerHeartbeat } from '@onegin/contracts';

export interface Notice {
  /** Names it among the others. */
  readonly key: string;
  /** `wait`: it goes on by itself. `act`: somebody has to do something. `past`: it is over. */
  readonly urgency: 'act' | 'wait' | 'past';
  readonly what: string;
  /** What is safe, and what can be done. */
  readonly advice: string;
  /** The message as it stands in the log, where there is one. */
  readonly said: string | null;
}

/** The most urgent first. @param trainers null: not known */
export function noticesOf(state: StudyState, trainers: readonly TrainerHeartbeat[] | null): Notice[] {
  const now = jobEnded(state.status) ? [] : [...trainerNotices(state, trainers), ...lostNotices(state)];
  return [...now, ...warningNotices(state.warnings)];
}

function trainerNotices(state: StudyState, trainers: readonly TrainerHeartbeat[] | null): Notice[] {
  if (trainers === null) return [];
  const resource = state.config.request.useGpu ? 'gpu' : 'cpu';
  const own = trainers.filter((trainer) => trainer.resource === resource);
  if (own.length === 0) return [noTrainer(resource)];
  const notices: Notice[] = [];
  if (own.every(({ status }) => status === 'withdrawn'))
    notices.push({
      key: 'withdrawn',
      urgency: 'act',
      what: 'Every trainer has withdrawn: too many trials failed in a row.',
      advice: 'They try again after a while. The log below says why trials fail.',
      said: null,
    });
  const busy = own.filter(({ current }) => current.some(({ jobId }) => jobId === state.jobId));
  if (busy.some(({ fallback }) => fallback))
    notices.push({
      key: 'fallback',
      urgency: 'wait',
      what: 'No trainer is reachable, so the machine that Onegin runs on trains.',
      advice: 'The study goes on, only slower. As soon as a trainer is there, it takes over.',
      said: null,
    });
  const waiting = busy.filter(({ waitingFor }) => waitingFor === 'storage').map(({ id }) => id);
  if (waiting.length > 0)
    notices.push({
      key: 'storage',
      urgency: 'act',
      what: `${listed(waiting)} ${waiting.length === 1 ? 'waits' : 'wait'} for the artifact store.`,
      advice:
        'What is trained is kept, and goes on by itself. See that the store can be reached and has room.',
      said: null,
    });
  return notices;
}

const noTrainer = (resource: 'cpu' | 'gpu'): Notice => ({
  key: 'no-trainer',
  urgency: 'act',
  what: resource === 'gpu' ? 'No trainer with a GPU is there.' : 'No trainer is there.',
  advice:
    resource === 'gpu'
      ? 'Trials wait, nothing is lost. Start a trainer on a machine with a GPU, or clone the job without the GPU.'
      : 'Trials wait, nothing is lost. Onegin starts trainers with npm start or onegin up; on Kubernetes they come by themselves.',
  said: null,
});

/** Of trials that have no outcome yet. */
function lostNotices(state: StudyState): Notice[] {
  const lost = state.open.flatMap((number) => {
    const trial = state.trials[number];
    return trial && trial.lost > 0 ? [trial] : [];
  });
  const again = lost.some((trial) => trial.lost > 1);
  if (lost.length === 0) return [];
  const names = lost.map(({ number }) => String(number));
  return [
    {
      key: 'lost',
      urgency: 'wait',
      what: `The trainer of ${lost.length === 1 ? 'trial' : 'trials'} ${listed(names)} was lost${again ? ' more than once' : ''}.`,
      advice: again
        ? 'It goes on from its last checkpoint elsewhere. Trainers may run out of memory: smaller batches or narrower ranges of filters and units help.'
        : 'It goes on from its last checkpoint on another trainer; an epoch is repeated at most.',
      said: null,
    },
  ];
}

interface Words {
  readonly what: (count: number) => string;
  readonly advice: string;
}

const times = (count: number): string => (count === 1 ? '' : ` (${plural(count, 'time')})`);

const STORE = 'Nothing is lost: results are kept and stored as soon as the store takes them.';
const STORED_CHARTS =
  'The charts on this page are complete, your browser draws them. Only files of charts are missing.';

const WORDS: Readonly<Record<string, Words>> = {
  'local-fallback': {
    what: () => 'For a while no trainer was reachable, and the machine that Onegin runs on trained.',
    advice: 'Nothing has to be done. Results are the same, they only took longer.',
  },
  'sampler-failed': {
    what: (count) => `The sampler failed over a proposal${times(count)}; a sound one was taken instead.`,
    advice: 'The search goes on. Should it keep happening, choose another sampler.',
  },
  'sampler-switched': {
    what: () => 'The sampler was changed on the way, as the study outgrew the first.',
    advice: 'Nothing has to be done.',
  },
  'grid-exhausted': {
    what: () => 'Every point of the grid has been tried; further trials are drawn at random.',
    advice: 'Fewer trials, or another sampler, would not repeat any.',
  },
  'space-exhausted': {
    what: () => 'Every combination of the ranges has been tried; further trials repeat some.',
    advice: 'Wider ranges, or fewer trials, would make better use of the time.',
  },
  'advance-failed': {
    what: (count) => `A decision about the study failed and was made again${times(count)}.`,
    advice: 'Trials that run go on. Should the study stand still, the log below says why.',
  },
  'plots-missing': { what: () => 'No plotter drew the charts in time.', advice: STORED_CHARTS },
  'plots-failed': {
    what: (count) => `${plural(count, 'chart')} could not be drawn.`,
    advice: STORED_CHARTS,
  },
  'storage-unavailable': {
    what: (count) => `The artifact store could not be reached${times(count)}.`,
    advice: STORE,
  },
  'storage-full': {
    what: (count) => `The artifact store was full${times(count)}.`,
    advice: `${STORE} Make room, or give it more.`,
  },
  'storage-denied': {
    what: (count) => `The artifact store refused to write${times(count)}.`,
    advice: `${STORE} Its keys, or the rights to its folder, have to be put right.`,
  },
};

/** One for each kind of warning, the newest first. */
function warningNotices(warnings: readonly StudyWarning[]): Notice[] {
  const byCode = Map.groupBy(warnings, ({ code }) => code);
  return [...byCode]
    .map(([code, all]) => ({ code, all, last: all.at(-1) }))
    .sort((a, b) => (b.last?.at ?? 0) - (a.last?.at ?? 0))
    .map(({ code, all, last }) => {
      const words = WORDS[code];
      return {
        key: `warning ${code}`,
        urgency: 'past' as const,
        what: words?.what(all.length) ?? `Something went wrong on the way${times(all.length)}.`,
        advice: words?.advice ?? 'The study goes on.',
        said: last
          ? last.number === undefined
            ? last.message
            : `trial ${last.number}: ${last.message}`
          : null,
      };
    });
}

const MOST_NAMES = 4;

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  const shown = more > 0 ? [...names.slice(0, MOST_NAMES), `${more} more`] : names;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
