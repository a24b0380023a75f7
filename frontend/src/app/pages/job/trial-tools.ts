import { Component, inject, input, model, output } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatButtonToggle, MatButtonToggleGroup } from '@angular/material/button-toggle';
import { MatFormField, MatLabel } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatInput } from '@angular/material/input';
import { MatOption, MatSelect } from '@angular/material/select';
import { trainingStatuses, type StudyState, type TrainingStatus } from '@onegin/contracts';
import { SelectionStore } from '../../state/selection-store.ts';
import { SORTS, type TrialSort } from './trial-filter.ts';

/** What decides about the list of trials: a search, a filter, an order, tiles or a table. */
@Component({
  selector: 'on-trial-tools',
  imports: [
    FormsModule,
    MatButton,
    MatButtonToggle,
    MatButtonToggleGroup,
    MatFormField,
    MatIcon,
    MatInput,
    MatLabel,
    MatOption,
    MatSelect,
  ],
  templateUrl: './trial-tools.html',
  host: { class: 'tools' },
  styles: `
    .search {
      flex: 1 1 220px;
    }
    mat-form-field {
      flex: 0 1 190px;
      min-width: 140px;
    }
    @media (max-width: 599px) {
      mat-form-field {
        flex-grow: 1;
      }
      .search {
        flex-basis: 100%;
      }
    }
  `,
})
export class TrialTools {
  readonly state = input.required<StudyState>();
  readonly isTable = input.required<boolean>();
  readonly wanted = input.required<TrainingStatus | null>();
  readonly order = input.required<TrialSort>();
  readonly text = model<string | undefined>();
  readonly view = model<string | undefined>();
  readonly status = model<string | undefined>();
  readonly sort = model<string | undefined>();
  readonly compare = output();

  protected readonly selection = inject(SelectionStore);
  protected readonly sorts = Object.entries(SORTS);
  protected readonly statuses = trainingStatuses;
}
