/**
 * A labelled control with its explanation before it and its problem below it. The control is projected: a native
 * input, select or textarea with the id that `for` names.
 */
import { Component, input } from '@angular/core';
import type { FieldProblem } from '@onegin/contracts';

@Component({
  selector: 'on-field',
  template: `
    <label [attr.for]="for()">{{ label() }}</label>
    <div class="control">
      <ng-content select="on-help-tip" />
      <ng-content />
    </div>
    @for (problem of problems(); track problem.field + problem.expected) {
      <p class="problem" role="alert">{{ problem.expected }}, found {{ problem.found }}</p>
    } @empty {
      @if (hint(); as text) {
        <p class="hint">{{ text }}</p>
      }
    }
  `,
  styleUrl: './field.scss',
  host: { '[class.wrong]': 'problems().length > 0' },
})
export class Field {
  readonly label = input.required<string>();
  /** Id of the projected control. */
  readonly for = input.required<string>();
  readonly hint = input<string>('');
  readonly problems = input<readonly FieldProblem[]>([]);
}
