/**
 * Prometheus metrics under one rule: `onegin_<thing>_<unit|total>`, base units (seconds, bytes, ratios), and labels
 * of a few values only. Ids of jobs, trials and trainers are no labels: there are too many of them.
 */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

const NAME = /^onegin(_[a-z0-9]+)+$/;
/** Suffixes that Prometheus adds to histograms, so no other metric may have them. */
const RESERVED_ENDS = /_(count|sum|bucket)$/;

const LABELS = new Set([
  'queue',
  'state',
  'status',
  'resource',
  'engine',
  'outcome',
  'reason',
  'code',
  'method',
  'route',
  'kind',
  'operation',
  'sampler',
  'type',
]);

/** From 5 ms to 80 s: work between two Redis calls and one whole decision. */
export const SHORT_SECONDS = [0.005, 0.02, 0.08, 0.3, 1.25, 5, 20, 80];
/** From 0.1 s to 40 min: a task waiting for a worker. */
export const WAIT_SECONDS = [0.1, 0.25, 0.625, 1.5, 4, 10, 25, 60, 150, 375, 950, 2400];
/** From 5 s to 3 h: a training. */
export const TRAINING_SECONDS = [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120, 10240];

/** Outcomes whose label values are older than their names in the code; dashboards rely on the values. */
const OUTCOME_LABELS: Readonly<Record<string, string>> = { released: 'handed-back', superseded: 'overtaken' };
export const outcomeLabel = (outcome: string): { outcome: string } => ({
  outcome: OUTCOME_LABELS[outcome] ?? outcome,
});

export interface Metrics {
  readonly registry: Registry;
  counter<L extends string = never>(name: string, help: string, labels?: readonly L[]): Counter<L>;
  gauge<L extends string = never>(name: string, help: string, labels?: readonly L[]): Gauge<L>;
  histogram<L extends string = never>(
    name: string,
    help: string,
    buckets: readonly number[],
    labels?: readonly L[],
  ): Histogram<L>;
  /** The metrics made here, without those of Node and the process. */
  described(): { name: string; type: string; labels: readonly string[]; help: string }[];
  /** Work to be done before each scrape; one that fails leaves its values as they were. */
  onScrape(work: () => Promise<unknown>): void;
  /** What a scrape answers. */
  scrape(): Promise<{ text: string; contentType: string }>;
}

/**
 * @param component which service it is, a label of every metric; not named `service`, as Kubernetes monitors put
 *   a label of that name on what they scrape
 */
export function createMetrics(component: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ component });
  collectDefaultMetrics({ register: registry });
  const made: ReturnType<Metrics['described']> = [];
  const common = <L extends string>(type: string, name: string, help: string, labels: readonly L[]) => {
    checkName(name, labels);
    made.push({ name, type, labels, help });
    return { name, help, labelNames: [...labels], registers: [registry] };
  };
  const beforeScrape: (() => Promise<unknown>)[] = [];
  return {
    registry,
    described: () => made,
    onScrape: (work) => void beforeScrape.push(work),
    scrape: async () => {
      await Promise.allSettled(beforeScrape.map((work) => work()));
      return { text: await registry.metrics(), contentType: registry.contentType };
    },
    counter: <L extends string>(name: string, help: string, labels: readonly L[] = []) => {
      if (!name.endsWith('_total')) throw new Error(`expected a counter named …_total, found ${name}`);
      return new Counter<L>(common('counter', name, help, labels));
    },
    gauge: <L extends string>(name: string, help: string, labels: readonly L[] = []) =>
      new Gauge<L>(common('gauge', name, help, labels)),
    histogram: <L extends string>(
      name: string,
      help: string,
      buckets: readonly number[],
      labels: readonly L[] = [],
    ) => {
      if (!/_(seconds|bytes|ratio)$/.test(name))
        throw new Error(`expected a histogram in a base unit (_seconds, _bytes, _ratio), found ${name}`);
      return new Histogram<L>({ ...common('histogram', name, help, labels), buckets: [...buckets] });
    },
  };
}

function checkName(name: string, labels: readonly string[]): void {
  if (!NAME.test(name) || RESERVED_ENDS.test(name))
    throw new Error(`expected a metric named onegin_<thing>_<unit|total>, found ${name}`);
  if (/_(ms|milliseconds|minutes|hours|kb|mb|percent)(_|$)/.test(name))
    throw new Error(`expected base units (seconds, bytes, ratio), found ${name}`);
  const wrong = labels.filter((label) => !LABELS.has(label));
  if (wrong.length > 0)
    throw new Error(
      `${name}: expected labels of a few values (${[...LABELS].join(', ')}), found ${wrong.join(', ')}`,
    );
}
