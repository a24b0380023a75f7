import { Component, computed, inject, input, model } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatTab, MatTabContent, MatTabGroup } from '@angular/material/tabs';
import type { TrialChart } from '@onegin/charts';
import { trialCharts } from '@onegin/charts/trial';
import { hyperparameterFields } from '@onegin/contracts';
import { ApiClient } from '../../api/api-client.ts';
import { TrialArchitecture } from '../../architecture/index.ts';
import { Chart, type DrawChart } from '../../parts/chart/chart.ts';
import { HelpTip } from '../../parts/help/help-tip.ts';
import { SaveAs } from '../../parts/save/save-as.ts';
import { Settings } from '../../parts/settings/settings.ts';
import { StudyStore } from '../../state/study-store.ts';
import { TrialStore } from './trial-store.ts';

/** The tabs, in the order in which a person asks. */
const ORDER = [
  'training-history',
  'gradient-flow',
  'weight-distribution',
  'activation-progression',
  'dead-units',
  'confusion-matrix',
  'learning-rate',
  'health-radar',
];
const FORMATS = ['svg', 'png'] as const;

/** Everything that a trial measured, a tab for each question; each can be saved. */
@Component({
  selector: 'on-trial-diagnostics',
  imports: [
    Chart,
    HelpTip,
    MatButton,
    MatIcon,
    MatTab,
    MatTabContent,
    MatTabGroup,
    Settings,
    TrialArchitecture,
  ],
  templateUrl: './trial-diagnostics.html',
  styleUrl: './trial-diagnostics.scss',
})
export class TrialDiagnostics {
  readonly tab = model<string | undefined>();
  /** Whether the network's own tab is there. */
  readonly withModel = input(true);

  protected readonly trial = inject(TrialStore);
  readonly #study = inject(StudyStore);
  readonly #api = inject(ApiClient);
  readonly #saveAs = inject(SaveAs);

  protected readonly formats = FORMATS;
  protected readonly charts: readonly TrialChart[] = ORDER.flatMap((kind) =>
    trialCharts.filter((chart) => chart.kind === kind),
  );
  protected readonly index = computed(() => {
    const tab = this.tab();
    if (tab === 'model') return this.charts.length;
    return Math.max(
      0,
      this.charts.findIndex(({ kind }) => kind === tab),
    );
  });
  protected readonly draws = computed(() => {
    const metrics = this.trial.metrics();
    if (!metrics) return new Map<string, DrawChart>();
    return new Map(
      this.charts.map((chart): [string, DrawChart] => [chart.kind, () => chart.drawing(metrics)]),
    );
  });
  protected readonly fields = computed(() => {
    const metrics = this.trial.metrics();
    if (metrics) return hyperparameterFields(metrics.model);
    return Object.entries(this.trial.trial()?.params ?? {}).map(([name, value]) => ({ name, value }));
  });
  readonly #stored = computed(() => {
    const number = this.trial.number();
    const artifacts = this.#study.state()?.plots[String(number)]?.artifacts ?? [];
    return new Set(artifacts.map(({ kind }) => kind));
  });

  protected select(index: number): void {
    this.tab.set(this.charts[index]?.kind ?? 'model');
  }

  protected isStored(chart: TrialChart, format: string): boolean {
    return this.#stored().has(`plot:${chart.kind}.${format}`);
  }

  protected save(chart: TrialChart, format: (typeof FORMATS)[number]): void {
    const [jobId, number] = [this.#study.jobId(), this.trial.number()];
    void this.#saveAs.save(`${jobId}-trial-${number}-${chart.kind}.${format}`, () =>
      this.#api.file(`jobs/${jobId}/trials/${number}/plots/${chart.kind}.${format}`),
    );
  }

  protected saveMetrics(): void {
    const [jobId, number] = [this.#study.jobId(), this.trial.number()];
    void this.#saveAs.save(`${jobId}-trial-${number}-metrics.json`, () =>
      this.#api.file(`jobs/${jobId}/trials/${number}/metrics`),
    );
  }
}
