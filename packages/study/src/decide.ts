/**
 * What a study does next: from its state to the events that should follow. Pure: a decision is a list of events
 * to append, and tasks and messages are derived from the accepted ones.
 * Two replicas may decide at once: the log accepts each event once.
 */
import { jobEnded, openTrainings, openTrials, outcomes, targetOf } from '@onegin/contracts';
import type { NewStudyEvent, StudyState } from '@onegin/contracts';
import { afterFailure } from './after-failure.ts';
import { afterLoss } from './after-loss.ts';
import { decideFinalizing } from './decide-finalizing.ts';
import { milestonePlots, trialPlots } from './decide-plots.ts';
import type { Decision, DecisionContext } from './decision.ts';
import type { SearchEnd } from './search-end.ts';

const only = (events: NewStudyEvent[]): Decision => ({ events, wanted: [], wakeAt: null });

/**
 * One trial more than the trainers can run is queued per this many trainers, so that a trainer that finishes finds
 * the next one waiting. A study on few trainers learns from every outcome before it asks again.
 */
const TRAINERS_PER_WAITING_TRIAL = 8;
const FEWEST_TO_ASK_AHEAD = 4;

export function decide(state: StudyState, context: DecisionContext): Decision {
  if (jobEnded(state.status)) return only([]);
  if (state.cancelRequested) return only([...cancelOpen(state), { type: 'JobCancelled' }]);
  if (state.status === 'finalizing') return { ...decideFinalizing(state, context), wanted: [] };
  const started: NewStudyEvent[] = state.status === 'queued' ? [{ type: 'JobStarted' }] : [];
  const searching = decideSearching(state, context);
  return { ...searching, events: [...started, ...searching.events] };
}

const cancelOpen = (state: StudyState): NewStudyEvent[] =>
  openTrainings(state).map((training) => ({ type: 'TrainingCancelled', target: targetOf(training) }));

function decideSearching(state: StudyState, context: DecisionContext): Decision {
  const failures = openTrials(state).flatMap((trial) =>
    trial.status === 'failing' ? [afterFailure(state, trial)] : (afterLoss(state, trial) ?? []),
  );
  if (onlyFailures(state, failures))
    return only([...failures, ...cancelOpenExcept(state, failures), jobFailed(state)]);

  const room = freeSlots(state, context);
  const judged = context.judge(state, room);
  const promoted = judged.filter(({ type }) => type === 'TrainingPromoted').length;
  const plots = context.plots ? [...trialPlots(state), ...milestonePlots(state)] : [];
  const settled = [...failures, ...judged, ...plots];
  const searchEnded = context.stop(state, context.now);
  const wakeAt = timeLimitAt(state, context.now);
  if (searchEnded) {
    // What was just decided changes what is open: the end is looked at when it is in the log.
    const closing = failures.length + judged.length > 0 ? [] : windDown(state, searchEnded);
    return { events: [...settled, ...closing], wanted: [], wakeAt };
  }
  return { events: settled, wanted: nextNumbers(state, room - promoted), wakeAt };
}

/** How many more trainings the trainers and the request's parallelism allow, those included that will wait. */
function freeSlots(state: StudyState, { capacity }: DecisionContext): number {
  const { request, resource } = state.config;
  const trainers = capacity[resource];
  const ahead = trainers < FEWEST_TO_ASK_AHEAD ? 0 : Math.ceil(trainers / TRAINERS_PER_WAITING_TRIAL);
  // Without any trainer one trial waits, so that autoscaling and people see that there is work.
  const slots = Math.min(request.parallelism, Math.max(1, trainers + ahead));
  return Math.max(0, slots - (state.open.length - state.counts.paused));
}

/** Numbers of the trials to ask for now, within the budget. */
function nextNumbers(state: StudyState, room: number): number[] {
  const count = Math.min(room, state.config.request.trials - state.trials.length);
  return Array.from({ length: Math.max(0, count) }, (_, i) => state.trials.length + i);
}

/** When the time limit passes; null where there is none, or it has. */
function timeLimitAt({ config, startedAt }: StudyState, now: number): number | null {
  if (config.request.timeLimitSeconds === undefined || startedAt === null) return null;
  const at = startedAt + config.request.timeLimitSeconds * 1000;
  return at > now ? at : null;
}

/**
 * No further trial is started. A limit cancels what has not started; what runs may finish; paused trials that no
 * promotion took up are pruned; then the search is over.
 */
function windDown(state: StudyState, { reason, limit }: SearchEnd): NewStudyEvent[] {
  const open = openTrials(state);
  const unstarted = limit ? open.filter(({ status, attempt }) => status === 'queued' && attempt === 0) : [];
  const cancelled = unstarted.map(({ number }): NewStudyEvent => ({
    type: 'TrainingCancelled',
    target: number,
  }));
  const paused = open.filter(({ status }) => status === 'paused');
  if (open.length > unstarted.length + paused.length) return cancelled;
  const pruned = paused.map(({ number }): NewStudyEvent => ({
    type: 'TrainingPruned',
    target: number,
    reason: 'paused at its rung when the search ended',
  }));
  return [...cancelled, ...pruned, state.best === null ? jobFailed(state) : { type: 'SearchEnded', reason }];
}

/** Whether every outcome is a failure, and there are so many that the job is given up. */
function onlyFailures(state: StudyState, failures: readonly NewStudyEvent[]): boolean {
  const { failed } = state.counts;
  const failing = failures.filter(({ type }) => type === 'TrainingFailed').length;
  return failing > 0 && outcomes(state) === failed && failed + failing >= state.config.maxFailedInARow;
}

const cancelOpenExcept = (state: StudyState, failures: readonly NewStudyEvent[]): NewStudyEvent[] => {
  const ended = new Set(failures.map((event) => event.type === 'TrainingFailed' && event.target));
  return cancelOpen(state).filter((event) => event.type === 'TrainingCancelled' && !ended.has(event.target));
};

function jobFailed(state: StudyState): NewStudyEvent {
  const last = state.trials.findLast(({ failure }) => failure !== null)?.failure;
  const because = last ? `; the last failure: ${last.message}` : '';
  return { type: 'JobFailed', code: 'no-trial-completed', message: `no trial completed${because}` };
}
