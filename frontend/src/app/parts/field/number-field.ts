import { Component, input, output } from '@angular/core';
import type { FieldProblem } from '@onegin/contracts';
import { Field } from './field.ts';

/** What was typed: a number, nothing, or a text that is none and that the check will name. */
export type Entered = number | string | null;

export const enteredNumber = (text: string): Entered =>
  text.trim() === '' ? null : Number.isFinite(Number(text)) ? Number(text) : text;

/** A labelled number, with the keyboard for it on a phone. It is told when the field is left. */
@Component({
  selector: 'on-number-field',
  imports: [Field],
  template: `
    <on-field [label]="label()" [for]="field()" [problems]="problems()" [hint]="hint()">
      <input
        [id]="field()"
        class="control-box"
        autocomplete="off"
        [attr.inputmode]="whole() ? 'numeric' : 'decimal'"
        [placeholder]="placeholder()"
        [value]="value() ?? ''"
        [attr.aria-invalid]="problems().length > 0"
        (change)="enter($event)"
      />
    </on-field>
  `,
  styles: `
    :host {
      display: block;
      min-width: 0;
    }
  `,
})
export class NumberField {
  /** Id of the control. */
  readonly field = input.required<string>();
  readonly label = input.required<string>();
  readonly value = input.required<number | string | null | undefined>();
  readonly hint = input<string>('');
  readonly placeholder = input<string>('');
  readonly problems = input<readonly FieldProblem[]>([]);
  /** Whether only whole numbers make sense. */
  readonly whole = input(true);
  readonly entered = output<Entered>();

  protected enter({ target }: Event): void {
    if (target instanceof HTMLInputElement) this.entered.emit(enteredNumber(target.value));
  }
}
