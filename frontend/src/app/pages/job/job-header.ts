import { Component, computed, inject, input, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { isEnded, jobProgress, outcomes, type StudyState } from '@onegin/contracts';
import { ApiClient } from '../../api/api-client.ts';
import { toApiError } from '../../api/api-error.ts';
import { ProgressBar } from '../../parts/bar/progress-bar.ts';
import { Dialogs } from '../../parts/dialog/dialogs.ts';
import { LazyPart } from '../../parts/lazy/lazy-part.ts';
import { SaveAs } from '../../parts/save/save-as.ts';
import { StatusMark } from '../../parts/status/status-mark.ts';
import { Clock } from '../../state/clock.ts';
import { SiteStore } from '../../state/site-store.ts';
import { JobMenu } from './job-menu.ts';
import { bestTotalScore, lastGain, roughly, scoreText, secondsLeft } from './job-words.ts';

const menu = new LazyPart(() => import('./job-menu.ts'));

/** What the job is, how far it is, and what can be done with it. */
@Component({
  selector: 'on-job-header',
  imports: [JobMenu, MatButton, MatIcon, MatIconButton, ProgressBar, StatusMark],
  templateUrl: './job-header.html',
  styleUrl: './job-header.scss',
})
export class JobHeader {
  readonly state = input.required<StudyState>();
  readonly #api = inject(ApiClient);
  readonly #dialogs = inject(Dialogs);
  readonly #saveAs = inject(SaveAs);
  readonly #clock = inject(Clock);
  readonly #site = inject(SiteStore);

  protected readonly title = computed(() => this.state().config.request.name ?? this.state().config.runName);
  protected readonly request = computed(() => this.state().config.request);
  protected readonly progress = computed(() => jobProgress(this.state()));
  protected readonly done = computed(() => outcomes(this.state()));
  protected readonly share = computed(() => this.done() / this.request().trials);
  protected readonly left = computed(() => {
    const seconds = secondsLeft(this.state(), this.#clock.now());
    return seconds === null ? null : roughly(seconds);
  });
  protected readonly best = computed(() => {
    const state = this.state();
    if (state.best === null) return null;
    const gain = lastGain(state);
    return {
      number: state.best,
      score: scoreText(bestTotalScore(state)),
      gain: gain && gain.by > 0 ? `+${gain.by.toFixed(4)} since #${gain.since}` : null,
    };
  });
  protected readonly modelReady = computed(() => this.state().finalModel?.status === 'completed');
  protected readonly canCancel = computed(() => !isEnded(this.state()) && !this.state().cancelRequested);
  /** Trials leave their event files when they are completed. */
  protected readonly tensorboard = computed(() =>
    this.state().counts.completed > 0 ? this.#site.tensorboardOf(this.state().config.runName) : null,
  );
  protected readonly cancelling = signal(false);
  protected readonly saving = signal(false);
  protected readonly wantsMore = signal(false);
  protected readonly menu = menu;

  protected async cancel(): Promise<void> {
    const isSure = await this.#dialogs.open<boolean>(
      () => import('./cancel-dialog.ts').then((m) => m.CancelDialog),
      { data: this.title() },
    );
    if (!isSure) return;
    this.cancelling.set(true);
    try {
      await this.#api.cancel(this.state().jobId);
    } catch (error) {
      await this.#dialogs.say(toApiError(error).message);
    } finally {
      this.cancelling.set(false);
    }
  }

  protected async saveModel(): Promise<void> {
    this.saving.set(true);
    await this.save('.keras', `download/${this.state().jobId}`);
    this.saving.set(false);
  }

  protected save(ending: string, path: string): Promise<void> {
    return this.#saveAs.save(this.state().config.runName + ending, () => this.#api.file(path));
  }
}
