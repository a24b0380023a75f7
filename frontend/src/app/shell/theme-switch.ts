import { Component, computed, inject } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { THEME_CHOICES, ThemeStore } from '../state/theme-store.ts';

const WORDS = { system: 'as the system', light: 'light', dark: 'dark' } as const;

/** Goes round: as the system, light, dark. */
@Component({
  selector: 'on-theme-switch',
  imports: [MatIcon, MatIconButton],
  template: `
    <button matIconButton type="button" [attr.aria-label]="label()" [title]="label()" (click)="next()">
      <mat-icon [svgIcon]="icon()" />
    </button>
  `,
  styles: `
    :host {
      display: flex;
    }
  `,
})
export class ThemeSwitch {
  readonly #theme = inject(ThemeStore);
  protected readonly icon = computed(() => `${this.#theme.choice()}-mode`);
  protected readonly label = computed(() => `Colours: ${WORDS[this.#theme.choice()]}. Change`);

  protected next(): void {
    const at = THEME_CHOICES.indexOf(this.#theme.choice());
    this.#theme.choose(THEME_CHOICES[(at + 1) % THEME_CHOICES.length] ?? 'system');
  }
}
