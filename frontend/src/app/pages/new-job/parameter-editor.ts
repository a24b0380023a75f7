/** One parameter of the search space: what it does, and the range or the choices that the study varies it over. */
import { Component, computed, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { formatNumber } from '@onegin/charts/format';
import type { FieldProblem, Parameter, ParamValue } from '@onegin/contracts';
import type { ParameterRow } from './draft.ts';

type End = 'low' | 'high';

@Component({
  selector: 'on-parameter-editor',
  imports: [MatButton, RouterLink],
  templateUrl: './parameter-editor.html',
  styleUrl: './parameter-editor.scss',
})
export class ParameterEditor {
  readonly row = input.required<ParameterRow>();
  readonly title = input.required<string>();
  readonly problems = input<readonly FieldProblem[]>([]);
  /** Another range; null: left out; undefined: the standard one again. */
  readonly choose = output<Parameter | null | undefined>();

  protected readonly ends: readonly End[] = ['low', 'high'];
  protected readonly id = computed(() => `parameter-${this.row().name}`);
  protected readonly standardText = computed(() => {
    const { standard } = this.row();
    if (standard.type === 'categorical') return standard.choices.map(String).join(', ');
    const scale = standard.log ? ', on a logarithmic scale' : '';
    const step = standard.step ? `, in steps of ${formatNumber(standard.step)}` : '';
    return `${formatNumber(standard.low)} to ${formatNumber(standard.high)}${step}${scale}`;
  });

  protected choicesOf(standard: Parameter): readonly ParamValue[] {
    return standard.type === 'categorical' ? standard.choices : [];
  }

  protected isChosen(choice: ParamValue): boolean {
    const { chosen } = this.row();
    return chosen?.type === 'categorical' && chosen.choices.includes(choice);
  }

  protected numberOf(end: End): number | null {
    const { chosen } = this.row();
    return chosen && chosen.type !== 'categorical' ? chosen[end] : null;
  }

  protected toggleChoice(choice: ParamValue): void {
    const { chosen, standard } = this.row();
    if (chosen?.type !== 'categorical' || standard.type !== 'categorical') return;
    // In the order of the standard space, so that choosing all again is the standard again.
    const choices = standard.choices.filter((one) => (one === choice) !== chosen.choices.includes(one));
    this.#emit({ ...chosen, choices });
  }

  protected setEnd(end: End, text: string): void {
    const { chosen } = this.row();
    if (!chosen || chosen.type === 'categorical') return;
    const value = text.trim() === '' ? Number.NaN : Number(text);
    // What is no number goes on as it was typed: the check then names it.
    this.#emit({ ...chosen, [end]: Number.isFinite(value) ? value : text });
  }

  /** What has become the standard again is no change. */
  #emit(parameter: Parameter): void {
    const isStandard = JSON.stringify(parameter) === JSON.stringify(this.row().standard);
    const { explanation: _, when: __, ...range } = parameter;
    this.choose.emit(isStandard ? undefined : (range as Parameter));
  }
}
