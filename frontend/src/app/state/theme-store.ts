/** Light, dark, or what the system says; kept in the browser. */
import { computed, Injectable, signal } from '@angular/core';

export const THEME_CHOICES = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof THEME_CHOICES)[number];

const KEY = 'onegin-theme';

@Injectable({ providedIn: 'root' })
export class ThemeStore {
  readonly #query = matchMedia('(prefers-color-scheme: dark)');
  readonly #systemIsDark = signal(this.#query.matches);
  readonly #chosen = signal<ThemeChoice>(storedChoice());

  readonly choice = this.#chosen.asReadonly();
  readonly isDark = computed(() =>
    this.#chosen() === 'system' ? this.#systemIsDark() : this.#chosen() === 'dark',
  );

  constructor() {
    this.#query.addEventListener('change', ({ matches }) => this.#show(this.#chosen(), matches));
    this.#show(this.#chosen(), this.#query.matches);
  }

  choose(choice: ThemeChoice): void {
    this.#show(choice, this.#systemIsDark());
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // Storage may be refused; the choice then lasts as long as the page.
    }
  }

  /** The page's colours change before anything that reads them is told. */
  #show(choice: ThemeChoice, systemIsDark: boolean): void {
    const dark = choice === 'system' ? systemIsDark : choice === 'dark';
    document.documentElement.classList.toggle('dark', dark);
    document.documentElement.classList.toggle('light', !dark);
    this.#systemIsDark.set(systemIsDark);
    this.#chosen.set(choice);
  }
}

function storedChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(KEY);
    return THEME_CHOICES.find((choice) => choice === stored) ?? 'system';
  } catch {
    return 'system';
  }
}
