/** One study inside another site's page: live, to look at only. */
import { Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { LiveConnection } from '../../live/live-connection.ts';
import { ProgressBar } from '../../parts/bar/progress-bar.ts';
import { StatusMark } from '../../parts/status/status-mark.ts';
import { Clock } from '../../state/clock.ts';
import { SelectionStore } from '../../state/selection-store.ts';
import { StudyStore } from '../../state/study-store.ts';
import { jobProgress, outcomes } from '@onegin/contracts';
import { RunningWork } from '../job/running-work.ts';
import { StudyCharts } from '../job/study-charts.ts';
import { SummaryTiles } from '../job/summary-tiles.ts';

@Component({
  selector: 'on-embed-page',
  imports: [ProgressBar, RunningWork, StatusMark, StudyCharts, SummaryTiles],
  providers: [StudyStore, SelectionStore, Clock],
  templateUrl: './embed-page.html',
  styleUrl: './embed-page.scss',
})
export class EmbedPage {
  readonly jobId = input.required<string>();

  protected readonly study = inject(StudyStore);
  protected readonly live = inject(LiveConnection);
  readonly #clock = inject(Clock);

  protected readonly chart = signal('importance');
  protected readonly objective = signal(0);
  protected readonly title = computed(() => {
    const config = this.study.state()?.config;
    return config ? (config.request.name ?? config.runName) : '';
  });
  protected readonly progress = computed(() => {
    const state = this.study.state();
    if (!state) return null;
    const [done, all] = [outcomes(state), state.config.request.trials];
    return {
      share: done / all,
      label: `Trials done: ${done} of ${all}`,
      message: jobProgress(state).statusMessage,
    };
  });
  protected readonly isWorking = computed(
    () => (this.study.state()?.counts.running ?? 0) > 0 && !this.study.isEnded(),
  );
  protected readonly link = computed(() => `/jobs/${encodeURIComponent(this.jobId())}`);

  constructor() {
    effect(() => {
      const jobId = this.jobId();
      untracked(() => this.study.open(jobId));
    });
    effect(() => {
      if (this.study.state() !== null && !this.study.isEnded()) this.#clock.start();
      else this.#clock.stop();
    });
  }
}
