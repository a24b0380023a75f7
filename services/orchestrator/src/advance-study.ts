/**
 * One advance of a study: fold new events, decide, append, apply the effects, until nothing follows. May run twice at
 * once on two replicas: the log lets one decision win, and the other decides again.
 */
import { jobEnded, messageOf, OneginError, reduceStudy } from '@onegin/contracts';
import type { NewStudyEvent, StudyEvent } from '@onegin/contracts';
import type { ArtifactStore } from '@onegin/artifacts';
import { tracing, type Logger, type StudyLog } from '@onegin/service-kit';
import { decide } from '@onegin/study';
import { archiveStudy } from './archive.ts';
import type { Effects, Queues } from './effects.ts';
import type { Demand } from './demand.ts';
import { missingTasks, restoreTasks } from './lost-tasks.ts';
import type { OpenStudies, OpenStudy } from './open-studies.ts';
import type { LostTrainers } from './lost-trainers.ts';
import { snapshotDue } from './snapshot.ts';

export interface AdvanceParts {
  readonly log: StudyLog;
  readonly studies: OpenStudies;
  readonly queues: Queues;
  readonly effects: Effects;
  readonly demand: Demand;
  readonly lostTrainers: LostTrainers;
  readonly store: ArtifactStore;
  readonly logger: Logger;
  readonly plots: boolean;
  /** How often a study's tasks are compared with its state. */
  readonly compareEveryMs: number;
  readonly asked?: AskObserver;
  /** Leaves the study to an orchestrator of a newer version. */
  readonly leave: (jobId: string, why: OneginError) => void;
  /** Asks for an advance of the study at a time (ms since 1970). */
  readonly wakeAt: (jobId: string, at: number) => void;
}

/** Called with how long proposing took and for how many trials the sampler failed. */
export type AskObserver = (sampler: string, seconds: number, failures: number) => void;

/** Decisions in a row after which other studies get their turn. */
const MAX_ROUNDS = 100;
/** Failures in a row after which a study is given up. */
const MAX_FAILURES = 5;

/** @throws OneginError; a study that keeps failing gets a warning and is ended in the end */
export async function advanceStudy(jobId: string, parts: AdvanceParts): Promise<void> {
  let study: OpenStudy | null = null;
  try {
    study = await parts.studies.current(jobId);
    if (!study) return;
    await advance(study, parts);
    study.failures = 0;
  } catch (error) {
    if (error instanceof OneginError && error.code === 'newer-version') return parts.leave(jobId, error);
    if (!study) throw error;
    if (error instanceof OneginError && error.code !== 'internal') throw error;
    await noteFailure(study, error, parts);
    throw error;
  }
}

async function advance(study: OpenStudy, parts: AdvanceParts): Promise<void> {
  if (!jobEnded(study.state.status) && Date.now() - study.comparedAt >= parts.compareEveryMs)
    await compare(study, parts);
  for (let round = 0; !jobEnded(study.state.status); round++) {
    if (round === MAX_ROUNDS) {
      parts.wakeAt(study.state.jobId, Date.now());
      break;
    }
    const context = {
      now: Date.now(),
      capacity: await parts.demand.capacityFor(study.state),
      plots: parts.plots,
    };
    const silent = parts.lostTrainers.interruptions(study.state);
    if (silent.length > 0) {
      parts.logger.warn({ jobId: study.state.jobId, trainings: silent.length }, 'a trainer is lost');
      await append(study, silent, parts);
      continue;
    }
    const decision = decide(study.state, { ...context, ...study.policy });
    if (decision.events.length > 0) await append(study, decision.events, parts);
    else if (decision.wanted.length > 0) await ask(study, decision.wanted, parts);
    else {
      if (decision.wakeAt !== null) parts.wakeAt(study.state.jobId, decision.wakeAt);
      break;
    }
  }
  await keep(study, parts);
}

/** The study may advance in the meantime: proposals count unless another decision came first. */
async function ask(study: OpenStudy, numbers: readonly number[], parts: AdvanceParts): Promise<void> {
  const { seq, config } = study.state;
  const startedAt = performance.now();
  const events = await study.sampler.next(study.state, numbers);
  const failures = events.filter((event) => event.type === 'TrainingQueued' && event.source === 'defaults');
  parts.asked?.(config.request.sampler, (performance.now() - startedAt) / 1000, failures.length);
  await append(study, events, parts, seq);
}

/** Appends a decision and applies the effects of what was accepted, as part of the study's trace. */
function append(
  study: OpenStudy,
  events: readonly NewStudyEvent[],
  parts: AdvanceParts,
  seq = study.state.seq,
): Promise<void> {
  const { jobId, config } = study.state;
  const about = { jobId, events: events.length };
  return tracing().at(config.traceparent, 'decide', about, () => settle(study, events, parts, seq));
}

async function settle(
  study: OpenStudy,
  events: readonly NewStudyEvent[],
  { log, effects, logger }: AdvanceParts,
  seq: number,
): Promise<void> {
  const { state } = study;
  const { jobId } = state;
  const result = await log.append(jobId, events, { decidedFrom: seq });
  if (!foldOwn(study, result.events)) await follow(study, log);
  await effects.apply(state, result.events);
  if (result.superseded) logger.debug({ jobId }, 'another replica decided first');
  if (result.events.length === 0 && state.seq === seq)
    throw new Error(
      `a decision on ${jobId} was refused though nothing came in between: ${refused(events, result.refusals)}`,
    );
}

const refused = (events: readonly NewStudyEvent[], refusals: readonly (string | null)[]): string =>
  events.map(({ type }, i) => `${type} (${refusals[i] ?? 'accepted'})`).join(', ');

/** Whether the events come right after the state, as they mostly do: then they need not be read back. */
function foldOwn({ state }: OpenStudy, events: readonly StudyEvent[]): boolean {
  if (events.length === 0 || events[0]!.seq !== state.seq + 1) return false;
  for (const event of events) reduceStudy(state, event);
  return true;
}

async function follow(study: OpenStudy, log: StudyLog): Promise<void> {
  const { jobId } = study.state;
  if ((await log.follow(jobId, study.state)) !== study.state)
    throw new OneginError('redis-unavailable', `Redis lost the last events of ${jobId}; it is read again`);
}

async function compare(study: OpenStudy, parts: AdvanceParts): Promise<void> {
  const { log, queues, effects, logger } = parts;
  const { jobId } = study.state;
  const missing = await missingTasks(study.state, queues);
  study.comparedAt = Date.now();
  if (missing.trainings.length + missing.returned.length + missing.plots.length === 0) return;
  await follow(study, log);
  const lost = await restoreTasks(study.state, missing, effects);
  logger.info({ jobId, ...missing, lost: lost.length }, 'tasks were missing');
  if (lost.length > 0) await append(study, lost, parts);
}

/** Snapshots on the way, the archive at the end. */
async function keep(study: OpenStudy, { log, store, studies, demand, logger }: AdvanceParts): Promise<void> {
  const { state } = study;
  if (snapshotDue(state.seq, study.snapshotSeq)) {
    await log.writeSnapshot(state);
    study.snapshotSeq = state.seq;
  }
  if (!jobEnded(state.status)) return;
  studies.forget(state.jobId);
  await demand.withdraw(state.jobId);
  if ((await log.archivedAt(state.jobId)) !== null) return;
  logger.info({ jobId: state.jobId, status: state.status, trials: state.trials.length }, 'the job has ended');
  await archiveStudy(log, store, state);
}

/** Tells users why their study does not advance; one that never can is ended rather than left open for ever. */
async function noteFailure(study: OpenStudy, error: unknown, { log, studies }: AdvanceParts): Promise<void> {
  const { jobId } = study.state;
  const message = messageOf(error);
  study.failures++;
  if (study.failures === 1) await log.append(jobId, [{ type: 'Warning', code: 'advance-failed', message }]);
  if (study.failures < MAX_FAILURES) return;
  const words = `the study could not be advanced: ${message}`.slice(0, 4000);
  await log.append(jobId, [{ type: 'JobFailed', code: 'internal', message: words }]);
  studies.forget(jobId);
}
