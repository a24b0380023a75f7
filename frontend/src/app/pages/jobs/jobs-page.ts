import { ScrollingModule } from '@angular/cdk/scrolling';
import { Component, computed, inject, input, signal } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatFormField, MatLabel } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatInput } from '@angular/material/input';
import { MatOption, MatSelect } from '@angular/material/select';
import { RouterLink } from '@angular/router';
import { jobStatuses, type JobSummary } from '@onegin/contracts';
import { addressChanger } from '../../parts/address/address-changer.ts';
import { ProgressBar } from '../../parts/bar/progress-bar.ts';
import { Dialogs } from '../../parts/dialog/dialogs.ts';
import { StatusMark } from '../../parts/status/status-mark.ts';
import { OverviewStore } from '../../state/overview-store.ts';
import { scoreOf, scoreText } from '../job/job-words.ts';
import { doneTrials, isJobStatus, listedJobs } from './job-filter.ts';

type Address = 'q' | 'status' | 'compare';

/** All jobs, live: searched, filtered, compared. Only the rows in sight exist. */
@Component({
  selector: 'on-jobs-page',
  imports: [
    FormsModule,
    MatButton,
    MatCheckbox,
    MatFormField,
    MatIcon,
    MatInput,
    MatLabel,
    MatOption,
    MatSelect,
    ProgressBar,
    RouterLink,
    ScrollingModule,
    StatusMark,
  ],
  templateUrl: './jobs-page.html',
  styleUrl: './jobs-page.scss',
})
export class JobsPage {
  readonly q = input<string>();
  readonly status = input<string>();

  protected readonly overview = inject(OverviewStore);
  protected readonly go: (change: Partial<Record<Address, string | null>>) => void = addressChanger();
  readonly #dialogs = inject(Dialogs);

  protected readonly statuses = jobStatuses;
  protected readonly wanted = computed(() => {
    const status = this.status();
    return isJobStatus(status) ? status : null;
  });
  protected readonly listed = computed(() =>
    listedJobs(this.overview.jobs(), { text: this.q() ?? '', status: this.wanted() }),
  );
  protected readonly chosen = signal<ReadonlySet<string>>(new Set());

  constructor() {
    this.overview.look();
  }

  protected toggle({ jobId }: JobSummary): void {
    const next = new Set(this.chosen());
    if (!next.delete(jobId)) next.add(jobId);
    this.chosen.set(next);
  }

  protected compare(): void {
    const jobs = this.overview.jobs().filter(({ jobId }) => this.chosen().has(jobId));
    void this.#dialogs.open(() => import('./compare-jobs.ts').then((m) => m.CompareJobs), {
      data: jobs,
      maxWidth: '96vw',
      maxHeight: '92dvh',
    });
  }

  protected readonly byId = (_: number, { jobId }: JobSummary): string => jobId;
  protected readonly done = doneTrials;
  protected readonly share = (job: JobSummary): number => doneTrials(job) / job.progress.totalTrials;
  protected readonly best = ({ bestTrial }: JobSummary): string =>
    bestTrial ? scoreText(scoreOf(bestTrial)) : '–';
  protected readonly when = ({ createdAt }: JobSummary): string => new Date(createdAt).toLocaleString();
}
