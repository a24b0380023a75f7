import { provideHttpClient, withInterceptors } from '@angular/common/http';
import {
  inject,
  provideAppInitializer,
  provideBrowserGlobalErrorListeners,
  type ApplicationConfig,
} from '@angular/core';
import {
  provideRouter,
  TitleStrategy,
  withComponentInputBinding,
  withInMemoryScrolling,
} from '@angular/router';
import { signInWhenAsked } from './api/sign-in.ts';
import { routes } from './app.routes.ts';
import { provideIcons } from './parts/icon/provide-icons.ts';
import { PageTitle } from './shell/page-title.ts';
import { ThemeStore } from './state/theme-store.ts';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideRouter(
      routes,
      withComponentInputBinding(),
      // A trial's dialog and a filter have addresses too; the shell scrolls up when the page is another one.
      withInMemoryScrolling({ anchorScrolling: 'enabled' }),
    ),
    provideHttpClient(withInterceptors([signInWhenAsked])),
    { provide: TitleStrategy, useClass: PageTitle },
    provideIcons(),
    // Before the first page is drawn.
    provideAppInitializer(() => void inject(ThemeStore)),
  ],
};
