import { bootstrapApplication } from '@angular/platform-browser';
import { askForState } from './app/api/early-state.ts';
import { appConfig } from './app/app.config.ts';
import { routes } from './app/app.routes.ts';
import { prefetchPage } from './app/prefetch-page.ts';
import { Shell } from './app/shell/shell.ts';

// The page may not make code from text; without this zod tries, and the browser complains. Where zod looks for its
// settings, because zod itself is fetched later.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });

askForState(location.pathname);
prefetchPage(routes, location.pathname);
bootstrapApplication(Shell, appConfig).catch((error: unknown) => console.error(error));
