/** The trainers that are alive: how each is, what it does, how fast. Fed by the overview's live stream. */
import { Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatProgressBar } from '@angular/material/progress-bar';
import { RouterLink } from '@angular/router';
import { formatCount, formatSeconds, formatShare, plural } from '@onegin/charts/format';
import type { TrainerHeartbeat } from '@onegin/contracts';
import { OverviewStore } from '../../state/overview-store.ts';
import { failureShare, stateOf } from './trainer-view.ts';

@Component({
  selector: 'on-trainers-page',
  imports: [MatButton, MatIcon, MatProgressBar, RouterLink],
  templateUrl: './trainers-page.html',
  styleUrl: './trainers-page.scss',
})
export class TrainersPage {
  protected readonly formatCount = formatCount;
  protected readonly formatShare = formatShare;
  protected readonly plural = plural;
  protected readonly overview = inject(OverviewStore);

  protected readonly trainers = computed(() =>
    [...(this.overview.trainers() ?? [])]
      .sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }))
      .map((beat) => ({
        beat,
        state: stateOf(beat),
        failures: failureShare(beat),
        upFor: formatSeconds((beat.at - beat.startedAt) / 1000),
        work: beat.current.map((one) => ({ ...one, ...this.#workOf(one) })),
      })),
  );
  protected readonly slots = computed(() => this.trainers().reduce((sum, { beat }) => sum + beat.slots, 0));
  protected readonly training = computed(() =>
    this.trainers().reduce((sum, { beat }) => sum + beat.current.length, 0),
  );
  protected readonly speed = computed(() =>
    this.trainers()
      .filter(({ beat }) => beat.current.length > 0)
      .reduce((sum, { beat }) => sum + (beat.samplesPerSecond ?? 0), 0),
  );

  constructor() {
    this.overview.look();
  }

  #workOf({ jobId, target, epoch, epochs }: TrainerHeartbeat['current'][number]) {
    const job = this.overview.jobs().find((known) => known.jobId === jobId);
    return {
      jobName: job?.name ?? job?.runName ?? jobId,
      what: target === 'final' ? 'final model' : `trial #${target}`,
      link: target === 'final' ? ['/jobs', jobId] : ['/jobs', jobId, 'trials', target],
      percent: (100 * epoch) / epochs,
    };
  }
}
