/** Starts a job: data, goal and budget first, with sound defaults for everything else. */
import { Component, computed, effect, inject, input, resource, signal, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatSnackBar } from '@angular/material/snack-bar';
import { Router } from '@angular/router';
import { formatCount, plural } from '@onegin/charts/format';
import { optimizationRequestSchema, type FieldProblem, type OptimizationRequest } from '@onegin/contracts';
import { ApiClient } from '../../api/api-client.ts';
import { toApiError, type ApiError } from '../../api/api-error.ts';
import { Field } from '../../parts/field/field.ts';
import { NumberField, type Entered } from '../../parts/field/number-field.ts';
import { HelpTip } from '../../parts/help/help-tip.ts';
import { OverviewStore } from '../../state/overview-store.ts';
import { parameterTexts } from '../learn/parameter-texts.ts';
import { parameterRows, problemsUnder, type Draft } from './draft.ts';
import { DraftStore } from './draft-store.ts';
import { ParameterEditor } from './parameter-editor.ts';
import { prunerFields, withOption } from './pruner-fields.ts';
import { stopChoices, stopChoicesFor } from './stop-choices.ts';
import { estimateTime, inWords } from './time-estimate.ts';

@Component({
  selector: 'on-new-job-page',
  imports: [Field, HelpTip, MatButton, NumberField, ParameterEditor],
  providers: [DraftStore],
  templateUrl: './new-job-page.html',
  styleUrl: './new-job-page.scss',
})
export class NewJobPage {
  /** From the address: `?from=<jobId>` asks for what that job asked for. */
  readonly from = input<string>();

  protected readonly store = inject(DraftStore);
  protected readonly overview = inject(OverviewStore);
  readonly #api = inject(ApiClient);
  readonly #router = inject(Router);
  readonly #snackBar = inject(MatSnackBar);
  #sent: { readonly draft: Draft; readonly key: string } | null = null;

  protected readonly datasets = resource({ loader: () => this.#api.datasets() });
  protected readonly texts = resource({
    loader: async () => {
      const [objective, samplers, pruners] = await Promise.all([
        this.#api.objective(),
        this.#api.samplers(),
        this.#api.pruners(),
      ]);
      return { objective, samplers, pruners };
    },
  });
  readonly #copied = resource({
    params: () => this.from(),
    loader: async ({ params }) =>
      (await this.#api.get<{ request: OptimizationRequest }>(`jobs/${encodeURIComponent(params)}`)).request,
  });

  protected readonly sending = signal(false);
  protected readonly failure = signal<ApiError | null>(null);
  protected readonly formatCount = formatCount;
  protected readonly plural = plural;

  protected readonly pruner = computed(() => {
    const { pruner } = this.store.filled();
    return typeof pruner === 'string' ? { name: pruner } : (pruner as { name: string });
  });
  protected readonly prunerFields = computed(() => prunerFields(this.pruner().name));
  protected readonly stopChoices = computed(() => stopChoicesFor(this.store.filled().mode));
  protected readonly stop = computed(() => {
    const rule = this.store.draft().stop;
    if (!rule) return null;
    for (const choice of stopChoices) {
      const value = choice.read(rule);
      if (value !== null) return { choice, value };
    }
    return null;
  });
  protected readonly rows = computed(() => {
    const dataset = this.store.dataset();
    return dataset ? parameterRows(this.store.draft(), dataset) : [];
  });
  protected readonly changed = computed(() => this.rows().filter(({ isChanged }) => isChanged).length);
  protected readonly modeText = computed(() =>
    this.texts.value()?.objective.modes.find(({ mode }) => mode === this.store.filled().mode),
  );
  protected readonly samplerText = computed(() => this.#textOf('samplers', this.store.filled().sampler));
  protected readonly prunerText = computed(() => this.#textOf('pruners', this.pruner().name));

  protected readonly estimate = computed(() => {
    const [dataset, trainers] = [this.store.dataset(), this.overview.trainers()];
    const asked = optimizationRequestSchema.safeParse(this.store.draft());
    if (!dataset || !trainers || !asked.success) return null;
    const found = estimateTime(asked.data, dataset, trainers);
    if (!found.known) return found.reason;
    return `${found.isUpperBound ? 'At most ' : ''}${inWords(found.seconds)} on ${plural(found.trainers, 'trainer')}`;
  });

  /** Best trials of jobs with the same kind of network, to be tried first. */
  protected readonly knownGood = computed(() => {
    const kind = this.store.dataset()?.kind;
    const kinds = new Map(this.datasets.value()?.map(({ name, kind: own }) => [name, own]));
    return this.overview
      .jobs()
      .filter(({ dataset, bestTrial }) => bestTrial && kinds.get(dataset) === kind)
      .slice(0, 20);
  });

  constructor() {
    this.overview.look();
    effect(() => {
      const request = this.#copied.hasValue() ? this.#copied.value() : undefined;
      const known = this.datasets.hasValue() ? this.datasets.value() : undefined;
      untracked(() => {
        if (request) this.store.copy(request);
        if (known) this.store.offer(known);
      });
    });
    effect(() => {
      const error = this.#copied.error();
      if (error) this.failure.set(toApiError(error));
    });
  }

  protected problems(field: string): FieldProblem[] {
    return problemsUnder(this.store.problems(), field);
  }

  protected titleOf(parameter: string): string {
    return parameterTexts[parameter]?.title ?? parameter;
  }

  protected setMinutes(field: 'timeLimitSeconds' | 'trialTimeLimitSeconds', minutes: Entered): void {
    this.store.set(field, typeof minutes === 'number' ? minutes * 60 : minutes);
  }

  protected minutes(seconds: number | undefined): string {
    return seconds === undefined ? '' : typeof seconds === 'number' ? String(seconds / 60) : String(seconds);
  }

  protected setPruner(name: string): void {
    this.store.set('pruner', name === 'none' ? null : { name });
  }

  protected setPrunerOption(option: string, value: Entered): void {
    this.store.set('pruner', withOption(this.pruner() as never, option, value));
  }

  protected optionValue(option: string): string {
    return String((this.pruner() as Record<string, unknown>)[option] ?? '');
  }

  protected setStop(rule: string): void {
    const choice = stopChoices.find((one) => one.rule === rule);
    this.store.set('stop', choice ? choice.make(choice.start) : null);
  }

  protected setStopValue(value: Entered): void {
    this.store.set('stop', this.stop()?.choice.make(value as number) ?? null);
  }

  protected tryFirst(jobId: string): void {
    const params = this.overview.jobs().find((job) => job.jobId === jobId)?.bestTrial?.params;
    if (params) this.store.set('enqueue', [...this.store.filled().enqueue, params]);
  }

  protected removeFirst(index: number): void {
    const left = this.store.filled().enqueue.filter((_, i) => i !== index);
    this.store.set('enqueue', left.length > 0 ? left : null);
  }

  protected paramsText(params: object): string {
    return Object.entries(params)
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(', ');
  }

  protected clear(): void {
    const before = this.store.clear();
    this.#snackBar
      .open('Everything is back to its default.', 'Undo', { duration: 8000 })
      .onAction()
      .subscribe(() => this.store.replace(before));
  }

  protected async start(event: Event): Promise<void> {
    event.preventDefault();
    if (this.store.problems().length > 0) {
      document.querySelector('on-field.wrong, .problem')?.scrollIntoView({ block: 'center' });
      return;
    }
    this.sending.set(true);
    this.failure.set(null);
    try {
      const { jobId } = await this.#api.optimize(this.store.draft(), this.#key());
      this.store.forget();
      await this.#router.navigate(['/jobs', jobId]);
    } catch (error) {
      const refusal = toApiError(error);
      this.failure.set(refusal);
      this.store.refuse(refusal.fields);
    } finally {
      this.sending.set(false);
    }
  }

  /** The same for the same draft: pressed again because an answer got lost, it is still one job. */
  #key(): string {
    const draft = this.store.draft();
    if (this.#sent?.draft !== draft) this.#sent = { draft, key: newKey() };
    return this.#sent.key;
  }

  #textOf(list: 'samplers' | 'pruners', name: string): string {
    return this.texts.value()?.[list].find((text) => text.name === name)?.explanation ?? '';
  }
}

/** `crypto.randomUUID` is only there over https and on loopback. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(16)).join('-');
