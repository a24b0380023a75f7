import { Component, computed, inject } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatDialogClose, MatDialogContent, MatDialogTitle } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { formatCount, formatShare, plural } from '@onegin/charts/format';
import { HEALTH_METRICS, hasOutcome } from '@onegin/contracts';
import { StatusMark } from '../../parts/status/status-mark.ts';
import { SiteStore } from '../../state/site-store.ts';
import { StudyStore } from '../../state/study-store.ts';
import { scoreOf, scoreText, tookText } from '../job/job-words.ts';
import { TrialDiagnostics } from './trial-diagnostics.ts';
import { TrialStore } from './trial-store.ts';

const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Everything about one trial. */
@Component({
  selector: 'on-trial-dialog',
  imports: [
    MatButton,
    MatDialogClose,
    MatDialogContent,
    MatDialogTitle,
    MatIcon,
    MatIconButton,
    StatusMark,
    TrialDiagnostics,
  ],
  templateUrl: './trial-dialog.html',
  styleUrl: './trial-dialog.scss',
})
export class TrialDialog {
  protected readonly study = inject(StudyStore);
  protected readonly store = inject(TrialStore);
  readonly #site = inject(SiteStore);

  /** Every trial leaves its event file when it is completed. */
  protected readonly tensorboard = computed(() => {
    const [state, trial] = [this.study.state(), this.store.trial()];
    if (!state || trial?.status !== 'completed') return null;
    return this.#site.tensorboardOf(state.config.runName, trial.number);
  });
  protected readonly lost = computed(() => {
    const trial = this.store.trial();
    if (!trial || trial.lost === 0) return null;
    const then = hasOutcome(trial.status) ? 'went' : 'goes';
    return `Its trainer was lost ${plural(trial.lost, 'time')}; it ${then} on from the last checkpoint elsewhere.`;
  });
  protected readonly isBest = computed(() => this.study.state()?.best === this.store.number());
  protected readonly facts = computed(() => {
    const trial = this.store.trial();
    if (!trial) return [];
    return [
      { name: 'Score', value: scoreText(scoreOf(trial)) },
      {
        name: 'Accuracy',
        value: formatShare(trial.accuracy ?? trial.lastEpoch?.validationAccuracy ?? null, 4),
      },
      { name: 'Health', value: trial.healthScore?.toFixed(3) ?? '–' },
      { name: 'Parameters', value: formatCount(trial.parameterCount) },
      { name: 'Epochs', value: String(trial.epochsDone) },
      { name: 'Took', value: tookText(trial) },
      { name: 'Trainer', value: trial.trainer ?? '–' },
      { name: 'Proposed by', value: trial.source },
    ];
  });
  protected readonly health = computed(() => {
    const number = this.store.number();
    this.store.trial();
    const report = number === null ? null : (this.study.state()?.trials[number]?.result?.health ?? null);
    if (!report) return [];
    return HEALTH_METRICS.map((metric) => {
      const measured = report[metric];
      return {
        name: words(metric),
        value: measured.known ? measured.value.toFixed(2) : '–',
        why: measured.known ? null : measured.reason,
      };
    });
  });
}
