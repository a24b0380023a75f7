/** Every metric of every service, read from the code that makes them. */
import { artifactOperations } from '@onegin/artifacts';
import {
  createMetrics,
  measureAppends,
  measureArtifacts,
  measureTasks,
  measureRedis,
  type Metrics,
} from '@onegin/service-kit';
import { gatewayMetrics } from '../../services/gateway/src/gateway-metrics.ts';
import { orchestratorMetrics } from '../../services/orchestrator/src/orchestrator-metrics.ts';
import { plotterMetrics } from '../../services/plotter/src/plotter-metrics.ts';
import { trainerMetrics } from '../../services/trainer/src/trainer-metrics.ts';

export const components = ['gateway', 'orchestrator', 'trainer', 'plotter'] as const;
export type Component = (typeof components)[number];

export interface CatalogueEntry {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
  readonly components: readonly Component[];
}

/** What each service makes beside what all of them make. An integration test compares it with real scrapes. */
const own: Record<Component, (metrics: Metrics) => unknown> = {
  gateway: gatewayMetrics,
  orchestrator: (metrics) => [measureTasks(metrics, ['studies']), orchestratorMetrics(metrics)],
  trainer: (metrics) => [
    measureTasks(metrics, ['trials-cpu']),
    trainerMetrics(metrics, () => {
      throw new Error('nothing is scraped here');
    }),
  ],
  plotter: (metrics) => [measureTasks(metrics, ['plots']), plotterMetrics(metrics)],
};

function metricsOf(component: Component): Omit<CatalogueEntry, 'components'>[] {
  const metrics = createMetrics(component);
  measureAppends(metrics);
  measureRedis(metrics, async () => true);
  measureArtifacts(metrics, artifactOperations);
  own[component](metrics);
  return metrics.described();
}

/** By name; Node's and the process's own metrics are not listed. */
export function metricCatalogue(): CatalogueEntry[] {
  const entries = new Map<string, CatalogueEntry>();
  for (const component of components)
    for (const metric of metricsOf(component)) {
      const known = entries.get(metric.name)?.components ?? [];
      entries.set(metric.name, { ...metric, components: [...known, component] });
    }
  return [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The catalogue as a table of Markdown. */
export function metricTable(): string {
  const rows = metricCatalogue().map(({ name, type, labels, help, components: of }) => [
    `\`${name}\``,
    type,
    labels.map((label) => `\`${label}\``).join(', '),
    of.length === components.length ? 'all' : of.join(', '),
    help,
  ]);
  const lines = [
    ['metric', 'type', 'labels', 'of', 'what it is'],
    ['---', '---', '---', '---', '---'],
    ...rows,
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
