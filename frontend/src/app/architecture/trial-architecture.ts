import { Component, computed, effect, inject, input, linkedSignal, signal, untracked } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { ActivatedRoute } from '@angular/router';
import { hasOutcome, type Architecture, type TrialMetrics } from '@onegin/contracts';
import { ApiClient } from '../api/api-client.ts';
import { toApiError, type ApiError } from '../api/api-error.ts';
import { addressChanger } from '../parts/address/address-changer.ts';
import { StudyStore } from '../state/study-store.ts';
import { ArchitectureExplorer } from './architecture-explorer.ts';
import { COLOR_MODES, type ColorMode } from './model/paint.ts';

/**
 * The explorer for one trial of the study that the page shows: fetches the network, follows the trial's epochs live,
 * and keeps layer, view, colours and epoch in the address (`?layer=conv_1&view=3d&color=health&epoch=3`).
 */
@Component({
  selector: 'on-trial-architecture',
  imports: [ArchitectureExplorer, MatButton],
  template: `
    @if (architecture(); as network) {
      <on-architecture-explorer
        [architecture]="network"
        [epochs]="epochs()"
        [metrics]="metrics()"
        [live]="live()"
        [name]="'trial ' + number()"
        [layer]="layer()"
        (layerChange)="remember({ layer: $event })"
        [view]="view()"
        (viewChange)="remember({ view: $event === '3d' ? '3d' : null })"
        [mode]="mode()"
        (modeChange)="remember({ color: $event === 'kind' ? null : $event })"
        [shownEpoch]="epoch()"
        (shownEpochChange)="remember({ epoch: $event })"
      />
    } @else if (problem(); as why) {
      <p role="alert">The network of trial {{ number() }} cannot be shown: {{ why.message }}</p>
      <button matButton type="button" (click)="load()">Try again</button>
    } @else {
      <div class="skeleton" role="status" aria-label="The network is fetched"></div>
    }
  `,
  styles: `
    :host {
      display: block;
    }

    .skeleton {
      height: clamp(320px, 54vh, 620px);
    }
  `,
})
export class TrialArchitecture {
  /** Number of the trial. */
  readonly number = input.required<number>();

  readonly #study = inject(StudyStore);
  readonly #api = inject(ApiClient);
  readonly #route = inject(ActivatedRoute);
  protected readonly remember = addressChanger();
  readonly #query = toSignal(this.#route.queryParamMap, {
    initialValue: this.#route.snapshot.queryParamMap,
  });

  protected readonly architecture = signal<Architecture | null>(null);
  protected readonly metrics = signal<TrialMetrics | null>(null);
  protected readonly problem = signal<ApiError | null>(null);

  // The reducer changes a trial in place: with each batch of events it counts as another one.
  readonly #trial = computed(() => this.#study.state()?.trials[this.number()], { equal: () => false });
  readonly #isThere = computed(() => this.#study.state() !== null);
  readonly #status = computed(() => this.#trial()?.status);
  readonly #isCompleted = computed(() => this.#status() === 'completed');
  // The same array grows; a copy tells that it has.
  protected readonly epochs = computed(() => [...(this.#trial()?.epochs ?? [])], {
    equal: (a, b) => a.length === b.length && a.at(-1) === b.at(-1),
  });
  protected readonly live = computed(() => {
    const status = this.#status();
    return status !== undefined && !hasOutcome(status) && !this.#study.isEnded();
  });

  /** A user who comes while it trains sees health, and goes on seeing it when it has ended. */
  readonly #cameLive = linkedSignal({
    source: () => ({ number: this.number(), isThere: this.#isThere() }),
    computation: () => untracked(this.live),
  });

  protected readonly layer = computed(() => this.#query().get('layer'));
  protected readonly view = computed(() => (this.#query().get('view') === '3d' ? '3d' : '2d'));
  protected readonly mode = computed((): ColorMode => {
    const asked = this.#query().get('color');
    return COLOR_MODES.find((mode) => mode === asked) ?? (this.#cameLive() ? 'health' : 'kind');
  });
  protected readonly epoch = computed(() => {
    const asked = Number(this.#query().get('epoch'));
    return Number.isInteger(asked) && asked > 0 ? asked : null;
  });

  constructor() {
    // Again when the trial has its outcome: its scores and full metrics are there then.
    effect(() => {
      this.number();
      this.#isCompleted();
      if (!this.#isThere()) return;
      untracked(() => void this.load());
    });
  }

  protected async load(): Promise<void> {
    const jobId = this.#study.jobId();
    if (jobId === null) return;
    const number = this.number();
    const path = `jobs/${encodeURIComponent(jobId)}/trials/${number}/architecture`;
    this.problem.set(null);
    try {
      const architecture = await this.#api.get<Architecture>(path);
      if (number === this.number()) this.architecture.set(architecture);
    } catch (error) {
      if (number === this.number()) this.problem.set(toApiError(error));
      return;
    }
    if (this.#isCompleted()) await this.#loadMetrics(jobId, number);
    else this.metrics.set(null);
  }

  /** Without them the epochs of the log still show the most important. */
  async #loadMetrics(jobId: string, number: number): Promise<void> {
    try {
      const metrics = await this.#api.trialMetrics(jobId, number);
      if (number === this.number()) this.metrics.set(metrics);
    } catch {
      this.metrics.set(null);
    }
  }
}
