import { Component, computed, effect, inject, input, numberAttribute, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TrialArchitecture } from '../../architecture/index.ts';
import { StudyStore } from '../../state/study-store.ts';

/** The network of a trial on a page of its own, live while it trains. */
@Component({
  selector: 'on-network-page',
  imports: [RouterLink, TrialArchitecture],
  providers: [StudyStore],
  template: `
    <div class="content">
      <header>
        <h1>Network of trial {{ number() }}</h1>
        <p class="muted">
          <a [routerLink]="['/jobs', jobId()]">{{ jobName() }}</a>
          @if (said(); as words) {
            <span>{{ words }}</span>
          }
        </p>
      </header>
      @if (study.problem(); as why) {
        <p role="alert">{{ why.detail }}</p>
      } @else {
        <on-trial-architecture [number]="number()" />
      }
    </div>
  `,
  styles: `
    p {
      display: flex;
      flex-wrap: wrap;
      gap: 0 16px;
    }
  `,
})
export class NetworkPage {
  readonly jobId = input.required<string>();
  readonly number = input.required<number, unknown>({ transform: numberAttribute });
  protected readonly study = inject(StudyStore);

  protected readonly jobName = computed(() => {
    const job = this.study.summary();
    return job ? (job.name ?? job.runName) : this.jobId();
  });
  protected readonly said = computed(() => {
    const trial = this.study.trials()[this.number()];
    if (!trial) return null;
    const accuracy = trial.accuracy ?? trial.lastEpoch?.validationAccuracy ?? null;
    return accuracy === null ? trial.status : `${trial.status}, accuracy ${(100 * accuracy).toFixed(1)}%`;
  });

  constructor() {
    effect(() => {
      const jobId = this.jobId();
      untracked(() => this.study.open(jobId));
    });
  }
}
