import { inject, provideAppInitializer, type EnvironmentProviders } from '@angular/core';
import { MatIconRegistry } from '@angular/material/icon';
import { DomSanitizer } from '@angular/platform-browser';
import { icons } from './icons.ts';

/** Makes every icon known to `<mat-icon svgIcon="…">`. */
export const provideIcons = (): EnvironmentProviders => provideAppInitializer(() => registerIcons(icons));

/** In an injection context. The icons' text is the build's own, nothing comes from outside. */
export function registerIcons(icons: Readonly<Record<string, string>>): void {
  const registry = inject(MatIconRegistry);
  const sanitizer = inject(DomSanitizer);
  for (const [name, text] of Object.entries(icons))
    registry.addSvgIconLiteral(name, sanitizer.bypassSecurityTrustHtml(text));
}
