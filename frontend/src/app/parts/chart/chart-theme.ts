/** The theme of charts, from the page's own custom properties: one place says what a colour is. */
import { computed, inject, Injectable } from '@angular/core';
import type { ChartTheme } from '@onegin/charts';
import { darkTheme, lightTheme } from '@onegin/charts/theme';
import { ThemeStore } from '../../state/theme-store.ts';

@Injectable({ providedIn: 'root' })
export class ChartThemes {
  readonly #themes = inject(ThemeStore);

  readonly current = computed<ChartTheme>(() => {
    const base = this.#themes.isDark() ? darkTheme : lightTheme;
    const style = getComputedStyle(document.documentElement);
    const color = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise;
    return {
      ...base,
      background: color('--on-ground', base.background),
      text: color('--on-text', base.text),
      muted: color('--on-muted', base.muted),
      rule: color('--on-rule', base.rule),
      grid: color('--on-grid', base.grid),
      accent: color('--on-accent', base.accent),
      fontFamily: color('--on-font', base.fontFamily),
    };
  });
}
