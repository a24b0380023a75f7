/**
 * Prometheus metrics under one rule: `onegin_<thing>_<unit|total>`, base units (seconds, bytes, ratios), and labels
 * of a few values only. Ids of jobs, trials and trainers are no labels: there are too many of them.
 */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

const NAME = /^onegin(_[a-z0-9]+)+$/;
/** Ends that Prometheus adds to histograms itself, so a metric of its own must not have them. */
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
]);

/** From 5 ms to 80 s: work between two Redis calls and one whole decision. */
export const SHORT_SECONDS = [0.005, 0.02, 0.08, 0.3, 1.25, 5, 20, 80];
/** From 5 s to 3 h: a training. */
export const TRAINING_SECONDS = [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120, 10240];

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
}

/** @param service a label of every metric */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const common = <L extends string>(name: string, help: string, labels: readonly L[]) => {
    checkName(name, labels);
    return { name, help, labelNames: [...labels], registers: [registry] };
  };
  return {
    registry,
    counter: <L extends string>(name: string, help: string, labels: readonly L[] = []) => {
      if (!name.endsWith('_total')) throw new Error(`expected a counter named …_total, found ${name}`);
      return new Counter<L>(common(name, help, labels));
    },
    gauge: <L extends string>(name: string, help: string, labels: readonly L[] = []) =>
      new Gauge<L>(common(name, help, labels)),
    histogram: <L extends string>(
      name: string,
      help: string,
      buckets: readonly number[],
      labels: readonly L[] = [],
    ) => {
      if (!/_(seconds|bytes|ratio)$/.test(name))
        throw new Error(`expected a histogram in a base unit (_seconds, _bytes, _ratio), found ${name}`);
      return new Histogram<L>({ ...common(name, help, labels), buckets: [...buckets] });
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
