import { Component, computed, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { formatShare } from '@onegin/charts/format';
import { hyperparameterFields, modelConfigFromParams, type StudyState } from '@onegin/contracts';
import { Settings } from '../../parts/settings/settings.ts';

/** The best parameters in full, as `best_hyperparameters.yaml` has them, and what became of the final model. */
@Component({
  selector: 'on-best-model',
  imports: [MatButton, Settings],
  template: `
    <div class="head">
      <h2 id="best-title">Best hyperparameters</h2>
      <button matButton="outlined" type="button" (click)="details.emit(number())">
        Details of trial {{ number() }}
      </button>
    </div>
    <p class="muted">{{ words() }}</p>
    <on-settings [settings]="fields()" />
  `,
  styles: `
    .head {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: space-between;
      gap: 8px;
    }
  `,
})
export class BestModel {
  readonly state = input.required<StudyState>();
  readonly details = output<number>();

  protected readonly number = computed(() => this.state().finalModel?.trial ?? this.state().best ?? 0);
  protected readonly fields = computed(() => {
    const { config, trials } = this.state();
    const trial = trials[this.number()];
    if (!trial) return [];
    // As many digits as tell one setting from another.
    return hyperparameterFields(modelConfigFromParams(config.modelKind, trial.params)).map(
      ({ name, value }) => ({
        name,
        value: typeof value === 'number' ? Number(value.toPrecision(6)) : value,
      }),
    );
  });
  protected readonly words = computed(() => {
    const { finalModel } = this.state();
    if (!finalModel)
      return 'The best so far. When the search ends, they are trained once more as the final model.';
    if (finalModel.status === 'completed')
      return `The final model was trained with them: accuracy ${formatShare(finalModel.result?.accuracy ?? null, 4)}.`;
    if (finalModel.failure && finalModel.endedAt !== null)
      return `The final model could not be made: ${finalModel.failure.message}`;
    return 'The final model is being trained with them.';
  });
}
