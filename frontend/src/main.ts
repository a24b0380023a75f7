import { bootstrapApplication } from '@angular/platform-browser';
import { config } from 'zod';
import { appConfig } from './app/app.config.ts';
import { Shell } from './app/shell/shell.ts';

// The page may not make code from text; without this zod tries, and the browser complains.
config({ jitless: true });

bootstrapApplication(Shell, appConfig).catch((error: unknown) => console.error(error));
