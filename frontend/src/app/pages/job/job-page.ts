import { ChangeDetectionStrategy, Component, effect, inject, input, untracked } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { StudyStore } from '../../state/study-store.ts';

@Component({
  selector: 'on-job-page',
  imports: [RouterOutlet],
  providers: [StudyStore],
  template: `
    <div class="content">
      @if (study.summary(); as job) {
        <h1>{{ job.name ?? job.runName }}</h1>
        <p>{{ job.progress.statusMessage }}</p>
      }
    </div>
    <router-outlet />
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class JobPage {
  readonly jobId = input.required<string>();
  protected readonly study = inject(StudyStore);

  constructor() {
    effect(() => {
      const jobId = this.jobId();
      untracked(() => this.study.open(jobId));
    });
  }
}
