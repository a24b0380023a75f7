import { Component, computed, effect, inject, input, model, output, signal, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatButtonToggle, MatButtonToggleGroup } from '@angular/material/button-toggle';
import { MatIcon } from '@angular/material/icon';
import type { ImportanceShare, ParallelAreas, StudyChart, StudyChoice } from '@onegin/charts';
import { studyCharts, trialsInAreas } from '@onegin/charts/study';
import { isEnded, objectiveNames, type Parameter, type StudyState } from '@onegin/contracts';
import { ApiClient } from '../../api/api-client.ts';
import { Chart, type DrawChart } from '../../parts/chart/chart.ts';
import { HelpTip } from '../../parts/help/help-tip.ts';
import { LazyPart } from '../../parts/lazy/lazy-part.ts';
import { Near } from '../../parts/lazy/near.ts';
import { SaveAs } from '../../parts/save/save-as.ts';
import { SelectionStore } from '../../state/selection-store.ts';

const PARALLEL = 'parallel-coordinates';
const ALWAYS = ['optimization-history', PARALLEL];
/** Charts of some parameters: which, and in which order, importance says. */
const RANKED: ReadonlySet<string> = new Set([PARALLEL, 'importance', 'slice', 'contour', 'rank']);
/** Charts that running trials have a place in; the others stay as they are until another trial is completed. */
const OF_RUNNING: ReadonlySet<string> = new Set(['optimization-history', 'intermediate-values', 'timeline']);
/** A canvas takes more lines than a file: they are drawn over several frames. */
const MOST_LINES = 2000;
/** The pixels that an axis of the parallel coordinates needs for its numbers. */
const AXIS_WIDTH = 76;
/** Importance is computed by the server, at most once in this time, */
const IMPORTANCE_PAUSE_MS = 3000;
/** and only once this many more trials are completed: of thousands, a few more change nothing that could be seen. */
const IMPORTANCE_GROWTH = 1.01;

const toggles = new LazyPart(() => import('@angular/material/button-toggle'));

interface ImportanceQuestion {
  readonly completed: number;
  readonly objective: number;
  readonly ended: boolean;
}

/** The charts of the whole study, live: two that always stand, and the others one at a time. */
@Component({
  selector: 'on-study-charts',
  imports: [Chart, HelpTip, MatButton, MatButtonToggle, MatButtonToggleGroup, MatIcon, Near],
  templateUrl: './study-charts.html',
  styleUrl: './study-charts.scss',
})
export class StudyCharts {
  readonly state = input.required<StudyState>();
  /** Kind of the chart that is shown beside the two. */
  readonly kind = model<string>('importance');
  readonly objective = model<number>(0);
  readonly trialPicked = output<number>();

  readonly #api = inject(ApiClient);
  readonly #saveAs = inject(SaveAs);
  protected readonly selection = inject(SelectionStore);

  protected readonly toggles = toggles;
  protected readonly parallel = PARALLEL;
  protected readonly none: ParallelAreas = new Map();
  protected readonly standing = studyCharts.filter(({ kind }) => ALWAYS.includes(kind));
  readonly #isPareto = computed(() => this.state().config.objective.mode === 'pareto');
  protected readonly others = computed(() =>
    studyCharts.filter(({ kind }) => !ALWAYS.includes(kind) && (this.#isPareto() || kind !== 'pareto-front')),
  );
  protected readonly chosen = computed(
    () => this.others().find(({ kind }) => kind === this.kind()) ?? this.others()[0],
  );
  protected readonly objectives = computed(() => objectiveNames(this.state().config.objective.mode));

  readonly #importance = signal<readonly ImportanceShare[]>([]);
  protected readonly completed = computed(() => this.state().counts.completed);
  readonly #choice = computed<StudyChoice>(() => ({
    objective: this.objective(),
    mostLines: MOST_LINES,
    ...(this.selection.brushed() && { only: this.selection.brushed() ?? new Set() }),
  }));
  readonly #rankedChoice = computed<StudyChoice>(() => ({
    ...this.#choice(),
    ...(this.#importance().length > 0 && { importance: this.#importance() }),
  }));

  /** The study as it was when the last trial was completed. Its trials are folded in place, so their number tells. */
  readonly #judged = computed(
    () => ({ state: this.state(), trials: this.state().trials, completed: this.completed() }),
    { equal: (a, b) => a.trials === b.trials && a.completed === b.completed },
  );
  /** A new function with each batch of events, and for some with each ranking: that has a chart drawn again. */
  readonly #draws = new Map(
    studyCharts.map((chart) => [chart.kind as string, computed(() => this.#drawingOf(chart))]),
  );

  constructor() {
    this.#followImportance();
    effect(() => {
      const [areas, objective] = [this.selection.areas(), this.objective()];
      // Epochs of running trials change nothing about who is inside.
      this.completed();
      const state = untracked(this.state);
      this.selection.setBrushed(areas.size === 0 ? null : trialsInAreas(state, areas, { objective }));
    });
  }

  #drawingOf(chart: StudyChart): DrawChart {
    const state = OF_RUNNING.has(chart.kind) ? this.state() : this.#judged().state;
    const choice = RANKED.has(chart.kind) ? this.#rankedChoice() : this.#choice();
    return (width) => chart.drawing(state, this.#fitted(chart, choice, width));
  }

  /** The most important parameters, as many as there is room for. */
  #fitted({ kind }: StudyChart, choice: StudyChoice, width: number): StudyChoice {
    if (kind !== PARALLEL) return choice;
    // Its own brushes pale the other lines there; they stay.
    const { only: _, ...unbrushed } = choice;
    const ranked = choice.importance?.map(({ parameter }) => parameter) ?? [];
    const { space } = untracked(this.state).config;
    const rest = Object.keys(space).filter((name) => !ranked.includes(name) && isVaried(space[name]));
    return {
      ...unbrushed,
      parameters: [...ranked, ...rest].slice(0, Math.max(2, Math.floor(width / AXIS_WIDTH) - 1)),
    };
  }

  protected drawOf(chart: StudyChart): DrawChart {
    return this.#draws.get(chart.kind)?.() ?? (() => chart.drawing(this.state()));
  }

  /** Where the server has drawn it. */
  protected readonly stored = computed(
    () => new Set((this.state().plots['study']?.artifacts ?? []).map(({ kind }) => kind)),
  );

  protected save({ kind }: StudyChart, format: 'svg' | 'png'): void {
    const { jobId, config } = this.state();
    void this.#saveAs.save(`${config.runName}-${kind}.${format}`, () =>
      this.#api.file(`jobs/${jobId}/plots/${kind}.${format}`),
    );
  }

  /** Asked of the server when more trials are completed, with a pause between, and once more in the end. */
  #followImportance(): void {
    const ended = computed(() => isEnded(this.state()));
    effect((onCleanup) => {
      const question = { completed: this.completed(), objective: this.objective(), ended: ended() };
      if (question.completed < 2 || !isNews(this.#asked, question)) return;
      const timer = setTimeout(() => void this.#fetchImportance(question), this.#nextPause());
      onCleanup(() => clearTimeout(timer));
    });
  }

  #asked: ImportanceQuestion | null = null;
  #askedAt = -IMPORTANCE_PAUSE_MS;

  #nextPause = (): number => Math.max(0, this.#askedAt + IMPORTANCE_PAUSE_MS - performance.now());

  async #fetchImportance(question: ImportanceQuestion): Promise<void> {
    const { objective } = question;
    this.#asked = question;
    this.#askedAt = performance.now();
    try {
      const jobId = untracked(this.state).jobId;
      const answer = await this.#api.importance(jobId, { method: 'fanova', scale: 'searched', objective });
      if (!answer.available) return;
      const shares = Object.entries(answer.shares);
      this.#importance.set(shares.map(([parameter, importance]) => ({ parameter, importance })));
    } catch {
      this.#asked = null;
      // The charts do without; the connection's own banner says that the server is unreachable.
    }
  }
}

const isNews = (before: ImportanceQuestion | null, now: ImportanceQuestion): boolean =>
  before?.objective !== now.objective ||
  before.ended !== now.ended ||
  now.completed >= before.completed * IMPORTANCE_GROWTH;

const isVaried = (parameter: Parameter | undefined): boolean =>
  parameter !== undefined &&
  (parameter.type === 'categorical' ? parameter.choices.length > 1 : parameter.high > parameter.low);
