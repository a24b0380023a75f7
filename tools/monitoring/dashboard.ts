/**
 * The Grafana dashboard, as data. Every query answers with data on a stack that has done one study, also where
 * nothing has gone wrong; a test asks a real Prometheus. Gauges of the whole system stand in every orchestrator,
 * so their maximum is taken.
 */
type Unit = 'short' | 's' | 'bytes' | 'percentunit' | 'reqps' | 'ops' | 'Bps';

interface Query {
  readonly legend: string;
  readonly expr: string;
}

interface Panel {
  readonly title: string;
  readonly description: string;
  readonly kind: 'timeseries' | 'stat';
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** Of 24 columns. */
  readonly width: number;
  readonly stacked?: boolean;
}

interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

const RATE = '$__rate_interval';
const q = (legend: string, expr: string): Query => ({ legend, expr });
const rate = (metric: string) => `rate(${metric}[${RATE}])`;
const quantile = (share: number, histogram: string, by = '') =>
  `histogram_quantile(${share}, sum by (le${by && `, ${by}`}) (${rate(`${histogram}_bucket`)}))`;

const stat = (title: string, description: string, unit: Unit, expr: string): Panel => ({
  title,
  description,
  kind: 'stat',
  unit,
  queries: [q('', expr)],
  width: 4,
});

const graph = (
  title: string,
  description: string,
  unit: Unit,
  queries: readonly Query[],
  more: Partial<Pick<Panel, 'width' | 'stacked'>> = {},
): Panel => ({ title, description, kind: 'timeseries', unit, queries, width: 8, ...more });

const TRIAL_ENDS = ['TrainingCompleted', 'TrainingPruned', 'TrainingFailed', 'TrainingCancelled'].join('|');

const overview: Row = {
  title: 'Now',
  panels: [
    stat('Jobs under way', 'Jobs that have not ended.', 'short', 'sum(max by (status) (onegin_jobs))'),
    stat('Trials running', 'Of all jobs.', 'short', 'max(onegin_trials{status="running"})'),
    stat('Trials waiting', 'For a trainer.', 'short', 'max(onegin_trials{status="queued"})'),
    stat(
      'Trainers ready',
      'Live trainers that take trials.',
      'short',
      'sum(max by (resource) (onegin_trainers{state="ready"}))',
    ),
    stat('People watching', 'Clients connected for live events.', 'short', 'sum(onegin_gateway_sockets)'),
    stat('Services up', 'That Prometheus reaches.', 'short', 'sum(up{job="onegin"})'),
  ],
};

const studies: Row = {
  title: 'Studies',
  panels: [
    graph(
      'Trials by status',
      'Of the jobs that have not ended.',
      'short',
      [q('{{status}}', 'max by (status) (onegin_trials{status!~"completed|pruned|failed|cancelled"})')],
      { stacked: true },
    ),
    graph('Trials ended', 'Per second, by how they ended.', 'ops', [
      q(
        '{{type}}',
        `sum by (type) (${rate(`onegin_study_events_total{type=~"${TRIAL_ENDS}",kind="trial"}`)})`,
      ),
    ]),
    graph('Sampler: time of an ask', 'To propose the next trials.', 's', [
      q('{{sampler}} median', quantile(0.5, 'onegin_ask_seconds', 'sampler')),
      q('{{sampler}} 95 %', quantile(0.95, 'onegin_ask_seconds', 'sampler')),
    ]),
    graph('Advance of a study', 'From the request to nothing left to decide.', 's', [
      q('median', quantile(0.5, 'onegin_advance_seconds')),
      q('95 %', quantile(0.95, 'onegin_advance_seconds')),
    ]),
    graph('Appends to study logs', 'Time of an append, over all services.', 's', [
      q('median', quantile(0.5, 'onegin_log_append_seconds')),
      q('99 %', quantile(0.99, 'onegin_log_append_seconds')),
    ]),
    graph('Failures', 'Attempts, samplers, lost workers, jobs: within the last hour.', 'short', [
      q('attempts failed', 'sum(increase(onegin_training_attempt_seconds_count{outcome="failed"}[1h]))'),
      q('sampler failed', 'sum(increase(onegin_sampler_failures_total[1h]))'),
      q('workers lost', 'sum(increase(onegin_queue_stalls_total[1h]))'),
      q('jobs failed', 'sum(increase(onegin_study_events_total{type="JobFailed"}[1h]))'),
    ]),
  ],
};

const queues: Row = {
  title: 'Queues',
  panels: [
    graph('Entries', 'By queue and state.', 'short', [
      q('{{queue}} {{state}}', 'max by (queue, state) (onegin_queue_entries)'),
    ]),
    graph('Demand and slots', 'What wants a trainer now, and what the ready trainers can take.', 'short', [
      q('{{resource}} demand', 'max by (resource) (onegin_training_demand)'),
      q('{{resource}} slots', 'max by (resource) (onegin_trainer_slots)'),
    ]),
    graph('Oldest entries', 'Waiting, and worked on.', 's', [
      q('{{queue}} waiting', 'max by (queue) (onegin_queue_oldest_waiting_seconds)'),
      q('{{queue}} worked on', 'max by (queue) (onegin_queue_oldest_active_seconds)'),
    ]),
    graph('Wait until taken', '95 % of the entries were taken within this time.', 's', [
      q('{{queue}}', quantile(0.95, 'onegin_queue_wait_seconds', 'queue')),
    ]),
  ],
};

const training: Row = {
  title: 'Training',
  panels: [
    graph('Trainers', 'By resource and state.', 'short', [
      q('{{resource}} {{state}}', 'max by (resource, state) (onegin_trainers)'),
    ]),
    graph('Steps per second', 'Batches of the training under way, by trainer.', 'ops', [
      q('{{instance}}', 'onegin_trainer_steps_per_second'),
    ]),
    graph('Samples per second', 'Of all trainers together.', 'ops', [
      q('samples', `sum(${rate('onegin_training_samples_total')})`),
    ]),
    graph('Epochs', 'Time of an epoch.', 's', [
      q('median', quantile(0.5, 'onegin_epoch_seconds')),
      q('95 %', quantile(0.95, 'onegin_epoch_seconds')),
    ]),
    graph('Trainings', 'Training time of completed trials and final models.', 's', [
      q('median', quantile(0.5, 'onegin_training_seconds')),
      q('95 %', quantile(0.95, 'onegin_training_seconds')),
    ]),
    graph('Failures in a row', 'By trainer; at its limit it takes itself out.', 'short', [
      q('{{instance}}', 'onegin_trainer_failures_in_a_row'),
    ]),
  ],
};

const serving: Row = {
  title: 'Gateway, charts, artifacts',
  panels: [
    graph('Requests', 'Per second, by status.', 'reqps', [
      q('{{status}}', `sum by (status) (${rate('onegin_gateway_request_seconds_count')})`),
    ]),
    graph('Answers', 'Time from a request to its answer.', 's', [
      q('median', quantile(0.5, 'onegin_gateway_request_seconds')),
      q('95 %', quantile(0.95, 'onegin_gateway_request_seconds')),
    ]),
    graph('Live clients', 'Connected, and the jobs that they watch.', 'short', [
      q('clients', 'sum(onegin_gateway_sockets)'),
      q('jobs', 'sum(onegin_gateway_watched_jobs)'),
    ]),
    graph('Charts', 'Time to draw one chart.', 's', [
      q('median', quantile(0.5, 'onegin_chart_render_seconds')),
      q('95 %', quantile(0.95, 'onegin_chart_render_seconds')),
    ]),
    graph('Artifacts: bytes', 'Written and read per second.', 'Bps', [
      q(
        '{{operation}}',
        `sum by (operation) (${rate('onegin_artifact_bytes_total{operation=~"put|get|open"}')})`,
      ),
    ]),
    graph('Artifacts: failures', 'Operations that failed, per second.', 'ops', [
      q('{{operation}}', `sum by (operation) (${rate('onegin_artifact_errors_total')})`),
    ]),
  ],
};

const machines: Row = {
  title: 'Processes and Redis',
  panels: [
    graph('Event loop lag', 'The 99th percentile: how long a process does not listen.', 's', [
      q('{{component}} {{instance}}', 'nodejs_eventloop_lag_p99_seconds{job="onegin"}'),
    ]),
    graph('Memory', 'Resident, by process.', 'bytes', [
      q('{{component}} {{instance}}', 'process_resident_memory_bytes{job="onegin"}'),
    ]),
    graph('Redis memory', 'Used, and the limit where there is one.', 'bytes', [
      q('used', 'max(onegin_redis_memory_bytes)'),
      q('limit', 'max(onegin_redis_memory_limit_bytes)'),
    ]),
  ],
};

export const rows: readonly Row[] = [overview, studies, queues, training, serving, machines];

const HEIGHTS = { stat: 4, timeseries: 8 } as const;
const COLUMNS = 24;
const datasource = { type: 'prometheus', uid: '${datasource}' };

/** The panels in Grafana's form, laid out from left to right. */
function layOut(): object[] {
  const placed: object[] = [];
  let y = 0;
  let id = 1;
  for (const row of rows) {
    placed.push({
      id: id++,
      type: 'row',
      title: row.title,
      collapsed: false,
      panels: [],
      gridPos: place(0, y++, COLUMNS, 1),
    });
    let x = 0;
    for (const panel of row.panels) {
      const h = HEIGHTS[panel.kind];
      if (x + panel.width > COLUMNS) [x, y] = [0, y + h];
      placed.push(grafanaPanel(panel, id++, place(x, y, panel.width, h)));
      x += panel.width;
    }
    y += HEIGHTS[row.panels[0]?.kind ?? 'stat'];
  }
  return placed;
}

const place = (x: number, y: number, w: number, h: number) => ({ x, y, w, h });

const grafanaPanel = (panel: Panel, id: number, gridPos: object): object => ({
  id,
  type: panel.kind,
  title: panel.title,
  description: panel.description,
  gridPos,
  datasource,
  fieldConfig: {
    defaults: {
      unit: panel.unit,
      min: 0,
      ...(panel.kind === 'timeseries' && {
        custom: {
          fillOpacity: panel.stacked ? 30 : 5,
          stacking: { mode: panel.stacked ? 'normal' : 'none' },
        },
      }),
    },
    overrides: [],
  },
  targets: panel.queries.map(({ legend, expr }, i) => ({
    refId: String.fromCharCode(65 + i),
    datasource,
    expr,
    legendFormat: legend,
    ...(panel.kind === 'stat' && { instant: true }),
  })),
});

export const dashboard = () => ({
  uid: 'onegin',
  title: 'Onegin',
  tags: ['onegin'],
  schemaVersion: 39,
  editable: true,
  timezone: 'browser',
  refresh: '30s',
  time: { from: 'now-3h', to: 'now' },
  templating: {
    list: [{ name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus', current: {} }],
  },
  panels: layOut(),
});
