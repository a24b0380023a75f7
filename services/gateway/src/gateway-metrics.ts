/** The gateway's own metrics. */
import { SHORT_SECONDS, type Metrics } from '@onegin/service-kit';

export function gatewayMetrics(metrics: Metrics) {
  return {
    requests: metrics.histogram(
      'onegin_gateway_request_seconds',
      'Time from a request to its answer.',
      SHORT_SECONDS,
      ['method', 'route', 'status'],
    ),
    problems: metrics.counter('onegin_gateway_problems_total', 'Requests that were refused or failed.', [
      'code',
    ]),
    sockets: metrics.gauge('onegin_gateway_sockets', 'Clients that are connected for live events.'),
    watchedJobs: metrics.gauge('onegin_gateway_watched_jobs', 'Jobs that at least one client watches.'),
    batches: metrics.counter('onegin_gateway_live_batches_total', 'Batches of events sent to a room.'),
    snapshots: metrics.counter(
      'onegin_gateway_live_snapshots_total',
      'Whole states sent to a client, by why.',
      ['reason'],
    ),
    slowClients: metrics.counter(
      'onegin_gateway_slow_clients_total',
      'Times a client read so slowly that it was taken out of a room until it had caught up.',
    ),
  };
}

export type GatewayMetrics = ReturnType<typeof gatewayMetrics>;
