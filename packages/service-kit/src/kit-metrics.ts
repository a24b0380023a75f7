/** Metrics of the parts that all services share. Each function is called once per process. */
import { isTrainingEvent, queues, studyEventSchemas, trainingTransitions } from '@onegin/contracts';
import type { QueueName, StudyEventType, TrainingTarget } from '@onegin/contracts';
import { outcomeLabel, SHORT_SECONDS, WAIT_SECONDS, type Metrics } from './metrics.ts';
import type { AppendObserver } from './study-log.ts';
import type { TaskObserver } from './typed-worker.ts';

/** Appends of this process by outcome, and every event that it wrote. */
export function measureAppends(metrics: Metrics): AppendObserver {
  const seconds = metrics.histogram(
    'onegin_log_append_seconds',
    'Time of an append to a study log, including outages of Redis that it waited out.',
    SHORT_SECONDS,
    ['outcome'],
  );
  const events = metrics.counter(
    'onegin_study_events_total',
    'Events written to study logs by this process. Each event is counted by the one process that wrote it.',
    ['type', 'kind'],
  );
  const refusals = metrics.counter(
    'onegin_log_refusals_total',
    'Events that a study log refused, as something else had happened first.',
    ['reason'],
  );
  for (const outcome of ['appended', 'refused', 'superseded', 'failed'] as const)
    seconds.zero(outcomeLabel(outcome));
  for (const type of Object.keys(studyEventSchemas) as StudyEventType[])
    for (const kind of kindsOf(type)) events.inc({ type, kind }, 0);
  return {
    appended: (result, took) => {
      const outcome = result.superseded ? 'superseded' : result.events.length > 0 ? 'appended' : 'refused';
      seconds.observe(outcomeLabel(outcome), took);
      for (const event of result.events)
        events.inc({ type: event.type, kind: isTrainingEvent(event) ? kindOf(event.target) : '' });
      for (const reason of result.refusals) if (reason !== null) refusals.inc({ reason });
    },
    failed: (took) => seconds.observe({ outcome: 'failed' }, took),
  };
}

/** A label must not grow with the study: which of its trials is in the log. */
const kindOf = (target: TrainingTarget): 'trial' | 'final' => (target === 'final' ? target : 'trial');

const kindsOf = (type: StudyEventType): readonly string[] =>
  Object.hasOwn(trainingTransitions, type) ? ['trial', 'final'] : [''];

/** Tasks that this process works on. @param consumes its queues; without any, there is no such metric */
export function measureTasks(metrics: Metrics, consumes: readonly QueueName[]): TaskObserver {
  if (consumes.length === 0) return { taken: () => undefined, ended: () => undefined };
  const waited = metrics.histogram(
    'onegin_queue_wait_seconds',
    'Time that a task waited from when it could be taken until it was taken for the first time.',
    WAIT_SECONDS,
    ['queue'],
  );
  const ended = metrics.counter(
    'onegin_queue_entries_ended_total',
    'Tasks that this process finished with: done, released to the queue, or failed.',
    ['queue', 'outcome'],
  );
  for (const queue of consumes) {
    waited.zero({ queue });
    for (const outcome of ['done', 'released', 'failed'] as const)
      ended.inc({ queue, ...outcomeLabel(outcome) }, 0);
  }
  return {
    taken: (queue, seconds) => waited.observe({ queue }, seconds),
    ended: (queue, outcome) => ended.inc({ queue, ...outcomeLabel(outcome) }),
  };
}

/** Whether Redis answers this process, checked at each scrape, and how often it refused writes. */
export function measureRedis(
  metrics: Metrics,
  isReachable: () => Promise<boolean>,
): { readonly wasFull: () => void } {
  const reachable = metrics.gauge('onegin_redis_reachable', 'Whether Redis answers this process: 1 or 0.');
  metrics.onScrape(async () => reachable.set((await isReachable()) ? 1 : 0));
  const waits = metrics.counter(
    'onegin_redis_full_waits_total',
    'Tries to write to a Redis that had no memory or disk left.',
  );
  return { wasFull: () => waits.inc() };
}

/** How an operation on the artifact store ended, as packages/artifacts reports it. */
export interface ArtifactOperation {
  readonly operation: string;
  readonly seconds: number;
  readonly bytes: number;
  readonly failed: boolean;
}

/** @param operations every name there is, so that each starts at zero */
export function measureArtifacts(
  metrics: Metrics,
  operations: readonly string[],
): (operation: ArtifactOperation) => void {
  const seconds = metrics.histogram(
    'onegin_artifact_operation_seconds',
    'Time of an operation on the artifact store, its retries included.',
    SHORT_SECONDS,
    ['operation'],
  );
  const bytes = metrics.counter('onegin_artifact_bytes_total', 'Bytes written to and read from the store.', [
    'operation',
  ]);
  const errors = metrics.counter(
    'onegin_artifact_errors_total',
    'Operations on the artifact store that failed; a missing artifact counts, a retry that helped does not.',
    ['operation'],
  );
  for (const operation of operations) {
    seconds.zero({ operation });
    bytes.inc({ operation }, 0);
    errors.inc({ operation }, 0);
  }
  return ({ operation, seconds: took, bytes: moved, failed }) => {
    seconds.observe({ operation }, took);
    if (moved > 0) bytes.inc({ operation }, moved);
    if (failed) errors.inc({ operation });
  };
}

/** All queues, for what is measured of each. */
export const queueNames = Object.keys(queues) as QueueName[];
