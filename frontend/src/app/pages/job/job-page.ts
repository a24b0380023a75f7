import { Component, computed, effect, inject, input, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { Title } from '@angular/platform-browser';
import { ActivatedRoute, Router, RouterLink, RouterOutlet } from '@angular/router';
import { addressChanger } from '../../parts/address/address-changer.ts';
import { loadEcharts } from '../../parts/chart/load-echarts.ts';
import { Dialogs } from '../../parts/dialog/dialogs.ts';
import { LazyPart } from '../../parts/lazy/lazy-part.ts';
import { Near } from '../../parts/lazy/near.ts';
import { Clock } from '../../state/clock.ts';
import { SelectionStore } from '../../state/selection-store.ts';
import { StudyStore } from '../../state/study-store.ts';
import { TrainerWatch } from '../../state/trainer-watch.ts';
import { BestModel } from './best-model.ts';
import { JobHeader } from './job-header.ts';
import { JobLog } from './log/job-log.ts';
import { StudyNotices } from './notices/study-notices.ts';
import { RunningWork } from './running-work.ts';
import { StudyCharts } from './study-charts.ts';
import { SummaryTiles } from './summary-tiles.ts';
import { TrialList } from './trial-list.ts';

const bestModel = new LazyPart(() => import('./best-model.ts'));
const log = new LazyPart(() => import('./log/job-log.ts'));

/** What of the page stands in its address. */
type Address = 'view' | 'status' | 'sort' | 'q' | 'chart' | 'objective' | 'selected';

@Component({
  selector: 'on-job-page',
  imports: [
    BestModel,
    JobHeader,
    JobLog,
    MatButton,
    MatIcon,
    Near,
    RouterLink,
    RouterOutlet,
    RunningWork,
    StudyCharts,
    StudyNotices,
    SummaryTiles,
    TrialList,
  ],
  providers: [StudyStore, SelectionStore, Clock, TrainerWatch],
  templateUrl: './job-page.html',
  styleUrl: './job-page.scss',
})
export class JobPage {
  readonly jobId = input.required<string>();
  readonly view = input<string>();
  readonly status = input<string>();
  readonly sort = input<string>();
  readonly q = input<string>();
  readonly chart = input<string>();
  readonly objective = input<string>();
  readonly selected = input<string>();

  protected readonly study = inject(StudyStore);
  protected readonly watch = inject(TrainerWatch);
  protected readonly bestModel = bestModel;
  protected readonly log = log;
  readonly #selection = inject(SelectionStore);
  readonly #clock = inject(Clock);
  readonly #router = inject(Router);
  readonly #route = inject(ActivatedRoute);
  readonly #dialogs = inject(Dialogs);
  readonly #tab = inject(Title);
  readonly #changeAddress = addressChanger();

  protected readonly objectiveIndex = computed(() => Math.max(0, Number(this.objective() ?? 0) || 0));
  protected readonly isWorking = computed(() => {
    const state = this.study.state();
    if (!state) return false;
    const drawing = Object.values(state.plots).some(({ status }) => status === 'queued');
    return !this.study.isEnded() && (state.counts.running > 0 || state.status === 'finalizing' || drawing);
  });
  /** What a job that doesn't exist, or that the gateway cannot show, means. */
  protected readonly isUnknown = computed(() => this.study.problem()?.code === 'job-unknown');

  constructor() {
    effect(() => {
      const jobId = this.jobId();
      untracked(() => this.study.open(jobId));
    });
    // Comes while the study comes.
    void loadEcharts();
    effect(() => {
      if (this.study.state() !== null && !this.study.isEnded()) {
        this.#clock.start();
        this.watch.start();
      } else {
        this.#clock.stop();
        this.watch.stop();
      }
    });
    effect(() => {
      const job = this.study.summary();
      if (job) this.#tab.setTitle(`${job.name ?? job.dataset}, ${job.status} · Onegin`);
    });
    this.#shareSelection();
  }

  protected go(change: Partial<Record<Address, string | undefined>>): void {
    this.#changeAddress(
      Object.fromEntries(Object.entries(change).map(([name, value]) => [name, value || null])),
    );
  }

  protected openTrial(number: number): void {
    void this.#router.navigate(['trials', number], {
      relativeTo: this.#route,
      queryParamsHandling: 'preserve',
    });
  }

  protected compare(): void {
    const state = this.study.state();
    if (!state) return;
    const trials = this.#selection
      .chosen()
      .map((number) => this.study.trials()[number])
      .filter((trial) => trial !== undefined);
    void this.#dialogs.open(() => import('./compare-dialog.ts').then((m) => m.CompareDialog), {
      data: { trials, state },
      maxWidth: '96vw',
      maxHeight: '92dvh',
    });
  }

  /** The chosen trials stand in the address, and come from it. */
  #shareSelection(): void {
    effect(() => {
      const numbers = (this.selected() ?? '').split(',').filter((text) => /^\d+$/.test(text));
      untracked(() => this.#selection.choose(numbers.map(Number)));
    });
    effect(() => {
      const chosen = this.#selection.chosen().join(',');
      if (chosen !== (untracked(this.selected) ?? '')) this.go({ selected: chosen });
    });
  }
}
