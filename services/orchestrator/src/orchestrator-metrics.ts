/** The orchestrator's metrics: its own work, and the queues, trainers and jobs of the whole system. */
import { jobEnded, jobStatuses, type QueueName } from '@onegin/contracts';
import { queueNames, SHORT_SECONDS, type Metrics } from '@onegin/service-kit';

/** Statuses of jobs that have not ended. */
export const openJobStatuses = jobStatuses.filter((status) => !jobEnded(status));
export const trainerStates = ['ready', 'draining', 'withdrawn'] as const;

/** Gauges of the whole system say the same in every replica: queries take their maximum, not their sum. */
export function orchestratorMetrics(metrics: Metrics) {
  const asks = metrics.histogram(
    'onegin_ask_seconds',
    'Time that a sampler took to propose the parameters of one or more trials.',
    SHORT_SECONDS,
    ['sampler'],
  );
  const failures = metrics.counter(
    'onegin_sampler_failures_total',
    'Trials that got default parameters since the sampler failed.',
  );
  const stalls = metrics.counter(
    'onegin_queue_stalls_total',
    'Tasks given to another worker because theirs stopped responding.',
    ['queue'],
  );
  for (const queue of queueNames) stalls.inc({ queue }, 0);
  return {
    asked: (sampler: string, seconds: number, failed: number) => {
      asks.observe({ sampler }, seconds);
      failures.inc(failed);
    },
    stalled: (queue: QueueName) => stalls.inc({ queue }),
    advances: metrics.histogram(
      'onegin_advance_seconds',
      'One advance of a study: from taking the request to nothing left to decide.',
      SHORT_SECONDS,
    ),
    studies: metrics.gauge('onegin_studies_open', 'Studies that this process holds in memory.'),
    ...systemGauges(metrics),
  };
}

function systemGauges(metrics: Metrics) {
  return {
    tasks: metrics.gauge('onegin_queue_entries', 'Tasks of a queue by state.', ['queue', 'state']),
    demand: metrics.gauge(
      'onegin_queue_demand_entries',
      'Tasks that need a worker now: waiting, running, or delayed until a time that has passed.',
      ['queue'],
    ),
    wanted: metrics.gauge(
      'onegin_training_demand',
      'Trainings that would start or go on now, had they the trainers: what /scale tells an autoscaler.',
      ['resource'],
    ),
    oldestWaiting: metrics.gauge(
      'onegin_queue_oldest_waiting_seconds',
      'Age of the next task in line; 0: none waits.',
      ['queue'],
    ),
    oldestActive: metrics.gauge(
      'onegin_queue_oldest_active_seconds',
      'How long the longest-running task has been running; 0: none is.',
      ['queue'],
    ),
    trainers: metrics.gauge('onegin_trainers', 'Live trainers by resource and state.', ['resource', 'state']),
    slots: metrics.gauge('onegin_trainer_slots', 'Trainings that the ready trainers can run at once.', [
      'resource',
    ]),
    jobs: metrics.gauge('onegin_jobs', 'Jobs that have not ended, by status.', ['status']),
    trials: metrics.gauge('onegin_trials', 'Trials of the jobs that have not ended, by status.', ['status']),
    redisMemory: metrics.gauge('onegin_redis_memory_bytes', 'Memory that Redis uses.'),
    redisLimit: metrics.gauge('onegin_redis_memory_limit_bytes', 'Memory that Redis may use; 0: no limit.'),
  };
}

export type OrchestratorMetrics = ReturnType<typeof orchestratorMetrics>;
