/** Light, dark, or what the system says; kept in the browser. */
import { computed, effect, Injectable, signal } from '@angular/core';

export const THEME_CHOICES = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof THEME_CHOICES)[number];

const KEY = 'onegin-theme';

@Injectable({ providedIn: 'root' })
export class ThemeStore {
  private readonly query = matchMedia('(prefers-color-scheme: dark)');
  private readonly systemIsDark = signal(this.query.matches);
  private readonly chosen = signal<ThemeChoice>(storedChoice());

  readonly choice = this.chosen.asReadonly();
  readonly isDark = computed(() =>
    this.chosen() === 'system' ? this.systemIsDark() : this.chosen() === 'dark',
  );

  constructor() {
    this.query.addEventListener('change', ({ matches }) => this.systemIsDark.set(matches));
    effect(() => {
      const { classList } = document.documentElement;
      classList.toggle('dark', this.isDark());
      classList.toggle('light', !this.isDark());
    });
  }

  choose(choice: ThemeChoice): void {
    this.chosen.set(choice);
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // Storage may be refused; the choice then lasts as long as the page.
    }
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
