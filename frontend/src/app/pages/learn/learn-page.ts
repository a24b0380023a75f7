/** What each hyperparameter is and does, and what the user's own studies found out about it. */
import { Component, computed, inject, input, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Router, RouterLink } from '@angular/router';
import { formatShare } from '@onegin/charts/format';
import { standardSpace, type ModelKind } from '@onegin/contracts';
import { ApiClient } from '../../api/api-client.ts';
import { findingWords } from './finding-words.ts';
import { MarginalSketch } from './marginal-sketch.ts';
import { parameterTexts } from './parameter-texts.ts';
import { LEAST_TRIALS, StudiedJobs } from './studied-jobs.ts';

const KINDS = [
  { kind: 'cnn', name: 'Images (CNN)' },
  { kind: 'lstm', name: 'Texts (LSTM)' },
] as const satisfies readonly { kind: ModelKind; name: string }[];

@Component({
  selector: 'on-learn-page',
  imports: [MarginalSketch, MatButton, RouterLink],
  providers: [StudiedJobs],
  templateUrl: './learn-page.html',
  styleUrl: './learn-page.scss',
})
export class LearnPage {
  /** From the address: `?kind=lstm`. */
  readonly kind = input<string>();

  protected readonly studied = inject(StudiedJobs);
  protected readonly kinds = KINDS;
  protected readonly leastTrials = LEAST_TRIALS;
  protected readonly formatShare = formatShare;
  readonly #router = inject(Router);
  readonly #api = inject(ApiClient);

  protected readonly objective = resource({ loader: () => this.#api.objective() });
  protected readonly shown = computed<ModelKind>(() => (this.kind() === 'lstm' ? 'lstm' : 'cnn'));
  protected readonly parameters = computed(() =>
    Object.entries(standardSpace(this.shown())).map(([name, { explanation }]) => ({
      name,
      explanation,
      text: parameterTexts[name] ?? { title: name, paragraph: explanation ?? '', advice: '' },
      findings: this.studied.studies().flatMap(({ findings, trials, ...job }) => {
        const finding = findings.get(name);
        return finding ? [{ ...job, finding, words: findingWords(finding, trials) }] : [];
      }),
    })),
  );

  constructor() {
    void this.studied.load();
  }

  protected show(kind: ModelKind): void {
    void this.#router.navigate([], { queryParams: { kind: kind === 'cnn' ? null : kind } });
  }
}
