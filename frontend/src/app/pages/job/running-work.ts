import { Component, computed, input } from '@angular/core';
import { formatShare } from '@onegin/charts/format';
import { RouterLink } from '@angular/router';
import type { BatchProgress, PlotsState, StudyState, TrainingState } from '@onegin/contracts';
import { ProgressBar } from '../../parts/bar/progress-bar.ts';
import { SparkLine } from '../../parts/chart/spark-line.ts';

/** This many are shown; a study on hundreds of trainers is read from its charts. */
const MOST_SHOWN = 12;

interface Work {
  readonly key: string;
  /** Of a trial, whose network can be watched. */
  readonly number: number | null;
  readonly title: string;
  readonly trainer: string;
  readonly words: string;
  readonly share: number;
  readonly accuracy: readonly (number | null)[];
}

/** What is being done now: each running trial's epochs, charts being drawn, the final model. */
@Component({
  selector: 'on-running-work',
  imports: [ProgressBar, RouterLink, SparkLine],
  template: `
    <ul>
      @for (work of works(); track work.key) {
        <li>
          <span class="title">
            @if (work.number !== null) {
              <a [routerLink]="['trials', work.number, 'network']">{{ work.title }}</a>
            } @else {
              {{ work.title }}
            }
          </span>
          <span class="ellipsis muted">{{ work.trainer }}</span>
          <span class="line"><on-spark-line [values]="work.accuracy" /></span>
          <span class="words">{{ work.words }}</span>
          <on-progress-bar [value]="work.share" [label]="work.title + ', ' + work.words" />
        </li>
      }
      @if (plots(); as it) {
        <li>
          <span class="title">Charts</span>
          <span class="ellipsis muted">{{ it.what }}</span>
          <span class="line"></span>
          <span class="words">{{ it.words }}</span>
          <on-progress-bar [value]="it.share" label="Charts being made" />
        </li>
      }
    </ul>
    @if (more(); as count) {
      <p class="muted">and {{ count }} more running trials</p>
    }
  `,
  styles: `
    ul {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(100%, 420px), 1fr));
      gap: 12px 32px;
    }
    li {
      display: grid;
      grid-template-columns: 5.5rem minmax(5.5rem, 1fr) 64px auto;
      gap: 2px 12px;
      align-items: center;
      min-height: 32px;
    }
    .title {
      font-weight: 600;
    }
    .words {
      text-align: right;
    }
    on-progress-bar {
      grid-column: 1 / -1;
    }
    @media (max-width: 599px) {
      li {
        grid-template-columns: auto minmax(0, 1fr) auto;
      }
      .line {
        display: none;
      }
    }
  `,
})
export class RunningWork {
  readonly state = input.required<StudyState>();
  readonly progress = input.required<ReadonlyMap<string, BatchProgress>>();

  readonly #running = computed(() => {
    const state = this.state();
    return state.open
      .map((number) => state.trials[number])
      .filter((trial) => trial !== undefined && trial.status === 'running');
  });
  protected readonly works = computed<Work[]>(() => {
    const { finalModel } = this.state();
    const trials = this.#running()
      .slice(0, MOST_SHOWN)
      .map((trial) => this.#work(String(trial.number), `Trial ${trial.number}`, trial));
    if (!finalModel || finalModel.status === 'completed' || finalModel.endedAt !== null) return trials;
    return [...trials, this.#work('final', 'Final model', finalModel)];
  });
  protected readonly more = computed(() => Math.max(0, this.#running().length - MOST_SHOWN));
  protected readonly plots = computed(() => plotWork(this.state()));

  #work(key: string, title: string, training: TrainingState): Work {
    const done = training.epochs.length;
    const until = training.untilEpoch;
    const batch = this.progress().get(key);
    const inside = batch && batch.epoch === done + 1 ? batch.batch / batch.batches : 0;
    const accuracy = training.epochs.at(-1)?.validationAccuracy ?? null;
    return {
      key,
      number: key === 'final' ? null : Number(key),
      title,
      trainer: training.trainer ?? 'waits for a trainer',
      words: `epoch ${Math.min(done + 1, until)}/${until}${accuracy === null ? '' : `, ${formatShare(accuracy)}`}`,
      share: (done + inside) / until,
      accuracy: training.epochs.map(({ validationAccuracy }) => validationAccuracy),
    };
  }
}

/** All charts that are being made, as one bar. */
function plotWork(state: StudyState): { what: string; words: string; share: number } | null {
  const open: PlotsState[] = [];
  for (const key in state.plots) {
    const plots = state.plots[key];
    if (plots?.status === 'queued') open.push(plots);
  }
  const first = open[0];
  if (!first) return null;
  const done = open.reduce((sum, plots) => sum + plots.done, 0);
  const total = open.reduce((sum, plots) => sum + (plots.total ?? 8), 0);
  const whose = first.target === 'study' ? 'of the study' : `of trial ${first.target}`;
  return {
    what: open.length === 1 ? (first.chart ?? whose) : `${whose} and ${open.length - 1} more`,
    words: first.total === null ? 'waiting' : `${done} of ${total} drawn`,
    share: done / total,
  };
}
